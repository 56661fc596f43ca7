import type { GetMetricDataCommandInput, GetMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import { defaultWireLimits, type WireRequest } from "../../src/protocols/index.ts";

/**
 * GetMetricData in AWS JSON without the general codecs: they take most of the time of a large answer, and a benchmark's
 * collector shares its machine with the simulator. Whatever is not the plain case is left to them, errors above all.
 */
export function readMetricDataJson(request: WireRequest): GetMetricDataCommandInput | undefined {
  if (request.headers["x-amz-target"]?.endsWith(".GetMetricData") !== true) return undefined;
  if (request.body.byteLength > defaultWireLimits.bodyBytesMax) return undefined;
  const document = parse(request.body);
  if (!fits(document, questionShape)) return undefined;
  const { StartTime, EndTime, ...rest } = document as { StartTime: number; EndTime: number };
  return {
    ...rest,
    StartTime: new Date(StartTime * 1000),
    EndTime: new Date(EndTime * 1000),
  } as GetMetricDataCommandInput;
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch {
    return undefined;
  }
}

/** `!` stands for a member that has to be there. */
type Shape = "string" | "number" | "boolean" | readonly [Shape] | { readonly [name: string]: Shape };

const metricShape: Shape = {
  "Namespace!": "string",
  "MetricName!": "string",
  Dimensions: [{ "Name!": "string", "Value!": "string" }],
};
const questionShape: Shape = {
  "MetricDataQueries!": [
    {
      "Id!": "string",
      "MetricStat!": { "Metric!": metricShape, "Period!": "number", "Stat!": "string", Unit: "string" },
      Label: "string",
      ReturnData: "boolean",
      AccountId: "string",
    },
  ],
  "StartTime!": "number",
  "EndTime!": "number",
  ScanBy: "string",
  NextToken: "string",
  MaxDatapoints: "number",
};

const compiled = new WeakMap<object, { known: Map<string, Shape>; needed: readonly string[] }>();

function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === "string") return typeof value === shape;
  if (isList(shape)) return Array.isArray(value) && value.every((item) => fits(item, shape[0]));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { known, needed } = compile(shape);
  const members = value as Record<string, unknown>;
  for (const name in members) {
    const member = known.get(name);
    if (member === undefined || !fits(members[name], member)) return false;
  }
  return needed.every((name) => members[name] !== undefined);
}

function isList(shape: object): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function compile(shape: { readonly [name: string]: Shape }) {
  const found = compiled.get(shape);
  if (found) return found;
  const entries = Object.entries(shape);
  const made = {
    known: new Map(entries.map(([name, member]) => [name.replace("!", ""), member])),
    needed: entries.filter(([name]) => name.endsWith("!")).map(([name]) => name.replace("!", "")),
  };
  compiled.set(shape, made);
  return made;
}

/** Numbers written once for all results that share them: those of one call mostly have the same times. */
export interface Times {
  readonly atMs: readonly number[];
  readonly json: string;
}

export function timesOf(atMs: readonly number[]): Times {
  return { atMs, json: `[${atMs.map((at) => at / 1000).join(",")}]` };
}

/** The times of a result of ours, which are dates only for those who ask. */
export const timesKey: unique symbol = Symbol("times");

type Output = Omit<GetMetricDataCommandOutput, "$metadata">;
type Result = NonNullable<Output["MetricDataResults"]>[number] & { readonly [timesKey]?: Times };

export function writeMetricDataJson(output: Output): string {
  const { MetricDataResults: results = [], ...rest } = output;
  const texts = (results as readonly Result[]).map(writeResult);
  const others = JSON.stringify(rest).slice(1);
  return `{"MetricDataResults":[${texts.join(",")}]${others === "}" ? "}" : `,${others}`}`;
}

function writeResult(result: Result): string {
  const times =
    result[timesKey]?.json ?? timesOf((result.Timestamps ?? []).map((time) => time.getTime())).json;
  const label = JSON.stringify(result.Label ?? "");
  return `{"Id":"${result.Id}","Label":${label},"StatusCode":"${result.StatusCode}","Timestamps":${times},"Values":[${result.Values?.join(",")}]}`;
}
