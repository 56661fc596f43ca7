import { AppError, toAppError } from "../base/index.ts";
import type { AccessQuestion, Principal, RequestFacts, TrailRecorder } from "../contract/index.ts";
import type { LogGroupEntry, LogStreamEntry } from "../logs/index.ts";
import { trailIdentityOf } from "../trail/index.ts";
import type { IngestDeps, MissingTargets } from "./dependencies.ts";
import { IngestRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

export interface Destination {
  readonly group: LogGroupEntry;
  readonly stream: LogStreamEntry;
}

/** Who asks for it, for policies and audit records. */
export interface Asker {
  readonly principal: Principal;
  readonly facts: RequestFacts;
  readonly requestId: string;
}

export interface Destinations {
  /** Throws `access_denied` when policies do not allow to send there. */
  authorize(asker: Asker, target: Target, actions: readonly SendingAction[]): Promise<void>;
  /** Throws IngestRefusal `target_not_found`. With `missingTargets`, makes what policies allow to make. */
  find(asker: Asker, target: Target): Promise<Destination>;
  groupArn(group: string): string;
}

export type SendingAction = "logs:CallWithBearerToken" | "logs:PutLogEvents";

type Deps = Pick<
  IngestDeps,
  "identity" | "logs" | "trail" | "clock" | "accountId" | "region" | "missingTargets"
>;

export function createDestinations(deps: Deps): Destinations {
  const { identity, missingTargets } = deps;
  const { directory } = deps.logs;
  const groupArn = (group: string) => `arn:aws:logs:${deps.region}:${deps.accountId}:log-group:${group}`;
  /** Actions on a group are asked about with an empty stream, as AWS does: policies for them end in `:*`. */
  const questions = (target: Target) => {
    const onGroup = `${groupArn(target.group)}:log-stream:`;
    return {
      "logs:CallWithBearerToken": onGroup,
      "logs:CreateLogGroup": onGroup,
      "logs:CreateLogStream": onGroup + target.stream,
      "logs:PutLogEvents": onGroup + target.stream,
    } as const;
  };
  type Action = keyof ReturnType<typeof questions>;
  /** Tags of the group are condition keys here as they are of PutLogEvents: a Deny by them binds whatever the way in. */
  const tagsOf = async ({ group }: Target): Promise<AccessQuestion["context"]> => {
    const tags = Object.entries((await directory.find(group))?.tags ?? {});
    return Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
  };
  const ask = async ({ principal, facts }: Asker, target: Target, action: Action): Promise<void> => {
    const question = { action, resource: questions(target)[action], context: await tagsOf(target) };
    await identity.authorize(principal, question, facts);
  };
  const make = async (
    asker: Asker,
    target: Target,
    action: "logs:CreateLogGroup" | "logs:CreateLogStream",
    create: (targets: MissingTargets) => Promise<void>,
  ): Promise<void> => {
    if (!missingTargets) return;
    await ask(asker, target, action);
    await recorded(deps.trail, deps.clock.now(), asker, target, action, () =>
      create(missingTargets).catch(ignoreTaken),
    );
  };
  return {
    groupArn,
    authorize: async (asker, target, actions) => {
      for (const action of actions) await ask(asker, target, action);
    },
    find: async (asker, target) => {
      const findGroup = () => directory.find(target.group);
      let group = await findGroup();
      if (!group) {
        await make(asker, target, "logs:CreateLogGroup", ({ createGroup }) => createGroup(target.group));
        group = missingTargets && (await findGroup());
      }
      if (!group) throw new IngestRefusal("target_not_found", "The specified log group does not exist.");
      let stream = await directory.findStream(group, target.stream);
      if (!stream) {
        await make(asker, target, "logs:CreateLogStream", ({ createStream }) =>
          createStream(target.group, target.stream),
        );
        stream = missingTargets && (await directory.findStream(group, target.stream));
      }
      if (!stream) throw new IngestRefusal("target_not_found", "The specified log stream does not exist.");
      return { group, stream };
    },
  };
}

function ignoreTaken(error: unknown): void {
  if (!(error instanceof AppError && error.code === "name_taken")) throw error;
}

/** A group or stream that a sender made is a management call like any other: its intent is on disk before it is made. */
async function recorded(
  trail: TrailRecorder,
  nowMs: number,
  { principal, facts, requestId }: Asker,
  target: Target,
  action: "logs:CreateLogGroup" | "logs:CreateLogStream",
  make: () => Promise<void>,
): Promise<void> {
  const isStream = action === "logs:CreateLogStream";
  const record = await trail.begin({
    eventTimeMs: nowMs,
    eventSource: "logs.amazonaws.com",
    eventName: isStream ? "CreateLogStream" : "CreateLogGroup",
    userIdentity: trailIdentityOf(principal),
    sourceIPAddress: facts.sourceIp,
    userAgent: facts.userAgent,
    requestId,
    readOnly: false,
    eventCategory: "Management",
    requestParameters: { logGroupName: target.group, ...(isStream ? { logStreamName: target.stream } : {}) },
    resources: [],
    apiVersion: "20140328",
  });
  try {
    await make();
  } catch (error) {
    await record.finish({ errorCode: toAppError(error).code, errorMessage: toAppError(error).message });
    throw error;
  }
  await record.finish({ responseElements: null });
}
