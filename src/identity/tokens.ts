import type { Kysely } from "kysely";
import { AppError, type Clock } from "../base/index.ts";
import type { AccessQuestion, Principal, Token } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import { asAppErrors } from "./as-app-error.ts";
import type { Facts } from "./authorizer.ts";
import type { Bearer } from "./bearer.ts";
import type { DirectoryHolder } from "./directory/directory.ts";
import type { LastUsed } from "./last-used.ts";
import { readCredentialUse } from "./service-credentials/credential-queries.ts";
import {
  describeCredential,
  type ServiceCredential,
  type ServiceCredentials,
} from "./service-credentials/credentials.ts";
import { credentialQuestion } from "./service-credentials/questions.ts";
import { restService } from "./service-credentials/services.ts";

interface TokenInput {
  readonly name: string;
  readonly expiresInDays: number | null;
}

/** One's own credentials for the REST API. */
export interface Tokens {
  resolve(value: string): Promise<Principal | undefined>;
  list(caller: Principal): Promise<{ items: Token[] }>;
  /** The answer holds the value; it is never shown again. Throws `limit_exceeded`. */
  create(caller: Principal, input: TokenInput, facts?: Facts): Promise<Token & { value: string }>;
  /** Throws `token_not_found`, for another user's token too. */
  delete(caller: Principal, id: string, facts?: Facts): Promise<void>;
  readonly access: {
    list(caller: Principal): AccessQuestion[];
    create(caller: Principal, input: TokenInput): AccessQuestion[];
    delete(caller: Principal): AccessQuestion[];
  };
}

export function createTokens(deps: {
  kysely: Kysely<Tables>;
  directory: DirectoryHolder;
  bearer: Bearer;
  credentials: ServiceCredentials;
  lastUsed: LastUsed;
  clock: Clock;
}): Tokens {
  const { kysely, directory, bearer, credentials, lastUsed, clock } = deps;
  return {
    access: {
      list: (caller) => [{ action: "iam:ListServiceSpecificCredentials", resource: caller.arn }],
      create: (caller, { expiresInDays }) => [
        credentialQuestion("Create", caller.arn, restService.name, expiresInDays ?? undefined),
      ],
      delete: (caller) => [credentialQuestion("Delete", caller.arn, restService.name)],
    },
    resolve: async (value) => {
      const outcome = await bearer.resolveRestToken(value);
      return outcome.ok ? outcome.principal : undefined;
    },
    list: async (caller) => {
      const user = (await directory.current()).user(caller.id);
      const own = user?.credentials.filter(({ serviceName }) => serviceName === restService.name) ?? [];
      await lastUsed.flush();
      const use = await readCredentialUse(
        kysely,
        own.map(({ id }) => id),
      );
      const items = own.map((row) => {
        const described = describeCredential({ ...row, userName: caller.name }, clock.now());
        return describeToken(described, row.hint, use.get(row.id));
      });
      return { items };
    },
    create: async (caller, { name, expiresInDays }, facts = {}) => {
      if (caller.kind === "root") {
        throw new AppError("validation_failed", { message: "Tokens belong to users; root has none." });
      }
      const created = await asAppErrors({ NoSuchEntity: "user_not_found" }, () =>
        credentials.create(
          {
            userName: caller.name,
            serviceName: restService.name,
            ageDays: expiresInDays ?? undefined,
            label: name,
          },
          { principal: caller, facts },
        ),
      );
      return { ...describeToken(created, created.hint, undefined), value: created.secret };
    },
    delete: async (caller, id, facts = {}) => {
      const found = (await directory.current()).credential(id);
      if (found?.serviceName !== restService.name || found.user.id !== caller.id) {
        throw new AppError("token_not_found");
      }
      const target = { id, owner: caller.name, unownedArn: caller.arn };
      await asAppErrors({ NoSuchEntity: "token_not_found", ValidationError: "token_not_found" }, () =>
        credentials.delete(target, { principal: caller, facts }),
      );
    },
  };
}

function describeToken(credential: ServiceCredential, hint: string, lastUsedAt: Date | undefined): Token {
  return {
    id: credential.id,
    name: credential.alias,
    hint,
    createdAt: credential.createdAt.toISOString(),
    expiresAt: credential.expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    status: statuses[credential.status],
  };
}

const statuses = { Active: "active", Inactive: "inactive", Expired: "expired" } as const;
