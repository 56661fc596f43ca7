import type { AgeVerdict } from "../age-rules.ts";
import { getGroup, getStream, type LogDirectory } from "../directory.ts";
import { type Entity, readEntity } from "../entity.ts";
import type { NewLogEvent, Put } from "../put.ts";
import { sequenceToken } from "../sequence-token.ts";
import { checkInput, rules } from "./checks.ts";
import { type Access, logsOperation } from "./operation.ts";

interface PutLogEvents {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly logEvents: readonly (NewLogEvent | null)[];
  /** Any is accepted, as the real service has done since 2023. */
  readonly sequenceToken?: string;
  readonly entity?: Entity;
}

const eventsMax = 10_000;

export function createPutOperation(deps: { directory: LogDirectory; put: Put; access: Access }) {
  const { directory, put, access } = deps;
  return {
    PutLogEvents: logsOperation<PutLogEvents, object>({
      readOnly: false,
      audit: "none",
      access: async ({ logGroupName, logStreamName }) => [
        await access.stream("PutLogEvents", logGroupName, logStreamName),
      ],
      handle: async (input) => {
        const events = checkEvents(input);
        const group = await getGroup(directory, input.logGroupName);
        const stream = await getStream(directory, group, input.logStreamName);
        const entity = input.entity && readEntity(input.entity, group.class);
        const { ingestionMs, verdicts } = await put(group, stream, events, {
          inOrder: true,
          entity: entity && "text" in entity ? entity.text : undefined,
        });
        const rejected = rejectedIndexes(verdicts);
        return {
          nextSequenceToken: sequenceToken(stream.id, ingestionMs),
          ...(rejected ? { rejectedLogEventsInfo: rejected } : {}),
          ...(entity && "problem" in entity ? { rejectedEntityInfo: { errorType: entity.problem } } : {}),
        };
      },
    }),
  };
}

function checkEvents(input: PutLogEvents): readonly NewLogEvent[] {
  const { logGroupName, logStreamName, logEvents, sequenceToken: token } = input;
  const checks = checkInput()
    .text("logGroupName", logGroupName, rules.groupName)
    .text("logStreamName", logStreamName, rules.streamName)
    .text("sequenceToken", token, rules.token)
    .size("logEvents", logEvents.length, { min: 1, max: eventsMax });
  // One bad event is told: a list of thousands helps nobody.
  const bad = logEvents.findIndex((event) => !event || event.message === "" || !isTimestamp(event.timestamp));
  if (bad >= 0 && logEvents.length <= eventsMax) {
    const path = `logEvents.${bad + 1}.member`;
    const event = logEvents[bad];
    if (!event) checks.text(path, null, {});
    else
      checks
        .number(`${path}.timestamp`, event.timestamp, { min: 0, max: Number.MAX_SAFE_INTEGER })
        .text(`${path}.message`, event.message, { min: 1 });
  }
  checks.done();
  return logEvents as readonly NewLogEvent[];
}

function isTimestamp(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Indexes as AWS gives them for events in order: ends exclusive, the start inclusive; undefined when all were stored. */
function rejectedIndexes(verdicts: readonly AgeVerdict[]) {
  const [tooOldEnd, expiredEnd] = [verdicts.lastIndexOf("too_old") + 1, verdicts.lastIndexOf("expired") + 1];
  const tooNewStart = verdicts.indexOf("too_new");
  if (tooOldEnd === 0 && expiredEnd === 0 && tooNewStart < 0) return undefined;
  return {
    ...(tooNewStart >= 0 ? { tooNewLogEventStartIndex: tooNewStart } : {}),
    ...(tooOldEnd > 0 ? { tooOldLogEventEndIndex: tooOldEnd } : {}),
    ...(expiredEnd > 0 ? { expiredLogEventEndIndex: expiredEnd } : {}),
  };
}
