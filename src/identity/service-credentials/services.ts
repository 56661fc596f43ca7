import { alphanumerics, type Random } from "../../base/index.ts";

/** A service that people hold keys for. The names are those of IAM, in lower case. */
export interface CredentialService {
  readonly name: "logs.amazonaws.com" | "nephoscope";
  /** Inactive and expired ones count. */
  readonly perUserMax: number;
  newSecret(alias: string, random: Random): NewSecret;
}

export interface NewSecret {
  /** As the client gets it. */
  readonly secret: string;
  /** The part of it of which a hash is kept. */
  readonly hashed: string;
  /** What may be shown of it later, to tell secrets apart; empty where a name does that. */
  readonly hint: string;
}

export const logsService: CredentialService = {
  name: "logs.amazonaws.com",
  perUserMax: 2,
  newSecret: (alias, random) => {
    // 45 bytes make 60 characters of base64 without padding.
    const password = random.bytes(45).toString("base64");
    const secret = `${logsPrefix}${Buffer.from(`${alias}:${password}`).toString("base64")}`;
    return { secret, hashed: password, hint: "" };
  },
};

/** Our own REST API. People keep one token per tool, hence more of them than AWS allows for a service. */
export const restService: CredentialService = {
  name: "nephoscope",
  perUserMax: 50,
  newSecret: (_alias, random) => {
    const secret = `${restPrefix}${random.text(restLength, alphanumerics)}`;
    return { secret, hashed: secret, hint: secret.slice(-4) };
  },
};

const services: readonly CredentialService[] = [logsService, restService];

/** Whatever the case, as on AWS. */
export function findCredentialService(name: string): CredentialService | undefined {
  return services.find((service) => service.name === name.toLowerCase());
}

const logsPrefix = "ACWL";
/** Lets secret scanners find a leaked token. */
const restPrefix = "nepho_";
/** 43 characters of 62 hold 256 random bits. */
const restLength = 43;
const restForm = /^nepho_[A-Za-z0-9]{43}$/;
/** A user's name has at most 64 characters, an account's id 12; no token of ours is longer than this. */
const tokenLengthMax = 512;

/** A bearer token taken apart; nothing of it is proven yet. */
export type ParsedToken =
  | { readonly service: "nephoscope"; readonly secret: string }
  | { readonly service: "logs.amazonaws.com"; readonly alias: string; readonly secret: string };

/** Undefined for what no service of ours could have made. */
export function parseToken(token: string): ParsedToken | undefined {
  if (restForm.test(token)) return { service: "nephoscope", secret: token };
  if (!token.startsWith(logsPrefix) || token.length > tokenLengthMax) return undefined;
  const encoded = token.slice(logsPrefix.length);
  const bytes = Buffer.from(encoded, "base64");
  // The decoder passes over what is not base64; one credential has one spelling.
  if (bytes.toString("base64") !== encoded) return undefined;
  const text = bytes.toString("utf8");
  const colon = text.lastIndexOf(":");
  if (colon < 1) return undefined;
  return { service: "logs.amazonaws.com", alias: text.slice(0, colon), secret: text.slice(colon + 1) };
}
