import type { AnswerStyle } from "./answers/answer.ts";
import { awsAnswers } from "./answers/aws.ts";
import { otlpAnswers, protobufType } from "./answers/otlp.ts";
import { splunkAnswers } from "./answers/splunk.ts";
import { decodeHecRaw } from "./formats/hec-raw/decode.ts";
import { decodeHlc, type HlcMessage } from "./formats/hlc/decode.ts";
import { decodeJson } from "./formats/json/decode.ts";
import { decodeNdJson } from "./formats/nd-json/decode.ts";
import { decodeOtlpJson } from "./formats/otlp/decode-json.ts";
import { decodeOtlpProtobuf } from "./formats/otlp/decode-protobuf.ts";
import type { EventSink } from "./formats/sink.ts";

export interface DecodeOptions {
  readonly hlcMessage: HlcMessage;
}

/** A body that an endpoint accepts, by its media type. */
export interface BodyType {
  /** Undefined: any media type, and none. */
  readonly mediaType: string | undefined;
  /** Text has to be UTF-8 as a whole, and must not be empty. */
  readonly text: boolean;
  readonly decode: (body: Buffer, sink: EventSink, options: DecodeOptions) => void;
}

/** One way in: its path, what it reads, how it answers, and which rules of AWS hold for it. */
export interface Endpoint {
  readonly path: string;
  /** In metrics and audit records. */
  readonly format: "hlc" | "nd-json" | "json" | "otlp" | "hec-raw";
  /** The first counts where a request says no media type, unless `mediaTypeRequired`. */
  readonly bodies: readonly BodyType[];
  readonly mediaTypeRequired: boolean;
  readonly answers: (mediaType: string | undefined) => AnswerStyle;
  /** Agents made for Splunk: their ways of sending the token, and a group and stream for those that can name none. */
  readonly hec: boolean;
  /** Splunk answers OPTIONS with 200. Docker's log driver asks so, without a key, before a container may start. */
  readonly answersOptions: boolean;
  /** Splunk refuses a request with an object that has no event; AWS leaves the object out. */
  readonly refusesSkipped: boolean;
  readonly targetInQuery: boolean;
  /** Names the entity of the events in the query. */
  readonly entity: boolean;
  /** OTLP is limited by what is stored, the others by what is sent. */
  readonly limits: "sent" | "stored";
}

const json = "application/json";

const awsJson = {
  mediaTypeRequired: false,
  answers: () => awsAnswers({ reportsRejections: true }),
  hec: false,
  answersOptions: false,
  refusesSkipped: false,
  targetInQuery: true,
  entity: true,
  limits: "sent",
} as const;

const splunk = {
  ...awsJson,
  answers: () => splunkAnswers,
  hec: true,
  answersOptions: true,
  entity: false,
} as const;

const hlcBody = (mediaType: string | undefined): BodyType => ({
  mediaType,
  text: true,
  decode: (body, sink, { hlcMessage }) => decodeHlc(body, sink, { message: hlcMessage }),
});

const splunkEvents = {
  ...splunk,
  format: "hlc",
  bodies: [hlcBody(undefined)],
  refusesSkipped: true,
} as const;
const splunkRaw = {
  ...splunk,
  format: "hec-raw",
  bodies: [{ mediaType: undefined, text: true, decode: decodeHecRaw }],
} as const;

export const endpoints: readonly Endpoint[] = [
  {
    ...awsJson,
    path: "/services/collector/event",
    format: "hlc",
    bodies: [hlcBody(json)],
    answers: () => awsAnswers({ reportsRejections: false }),
    hec: true,
  },
  {
    ...awsJson,
    path: "/ingest/bulk",
    format: "nd-json",
    bodies: [json, "application/x-ndjson"].map((mediaType) => ({
      mediaType,
      text: true,
      decode: decodeNdJson,
    })),
  },
  {
    ...awsJson,
    path: "/ingest/json",
    format: "json",
    bodies: [{ mediaType: json, text: true, decode: decodeJson }],
  },
  {
    ...awsJson,
    path: "/v1/logs",
    format: "otlp",
    bodies: [
      { mediaType: json, text: true, decode: decodeOtlpJson },
      { mediaType: protobufType, text: false, decode: decodeOtlpProtobuf },
    ],
    mediaTypeRequired: true,
    answers: otlpAnswers,
    targetInQuery: false,
    entity: false,
    limits: "stored",
  },
  { ...splunkEvents, path: "/services/collector" },
  { ...splunkEvents, path: "/services/collector/event/1.0" },
  { ...splunkRaw, path: "/services/collector/raw" },
  { ...splunkRaw, path: "/services/collector/raw/1.0" },
];

/** Answered to GET and HEAD, without credentials, as Splunk does. */
const healthPaths: readonly string[] = ["/services/collector/health", "/services/collector/health/1.0"];

/** Every path that this area answers, for whoever carries the bytes. */
export const ingestPaths: readonly string[] = [...endpoints.map(({ path }) => path), ...healthPaths];

/** How errors are told at paths that nothing is at: whoever asks below those of Splunk or OTLP reads no other form. */
export function answersElsewhere(path: string, mediaType: string | undefined): AnswerStyle {
  if (path.startsWith("/services/collector")) return splunkAnswers;
  if (!path.startsWith("/v1/")) return awsAnswers({ reportsRejections: false });
  return otlpAnswers(mediaType);
}

/** Lower case and without parameters such as `charset`; undefined when the header is absent or empty. */
export function mediaTypeOf(contentType: string | undefined): string | undefined {
  return contentType?.split(";", 1)[0]?.trim().toLowerCase() || undefined;
}
