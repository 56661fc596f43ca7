import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { AccessQuestion, AwsApi, AwsCall, AwsOperation } from "../../src/contract/index.ts";
import {
  defaultWireLimits,
  loadServiceModel,
  ProtocolError,
  readRequest,
  selectDialect,
  type WireRequest,
  type WireResponse,
} from "../../src/protocols/index.ts";
import { answerInProcess } from "./sdk-in-process.ts";

export const testCall: AwsCall = {
  principal: {
    kind: "root",
    id: "111122223333",
    name: "root",
    arn: "arn:aws:iam::111122223333:root",
    accountId: "111122223333",
    policies: [],
    proof: { kind: "sigv4", id: "AKIATEST" },
  },
  accountId: "111122223333",
  region: "eu-west-1",
  requestId: "00000000-0000-4000-8000-000000000000",
  sourceIp: "127.0.0.1",
  userAgent: "test",
  secure: false,
};

/** The SDK's client on the API, through our reader and writer, without a socket. What policies are asked lands in `asked`. */
export function createLogsClient(api: AwsApi, asked: AccessQuestion[] = []): CloudWatchLogsClient {
  return new CloudWatchLogsClient({
    region: testCall.region,
    endpoint: "http://aws.test",
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
    requestHandler: answerInProcess((request) => answer(api, request, asked)) as never,
  });
}

/** For bodies that the SDK would not send. */
export async function sendJson(
  api: AwsApi,
  operation: string,
  body: unknown,
): Promise<{ status: number; body: string }> {
  const response = await answer(api, {
    method: "POST",
    path: "/",
    query: "",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `Logs_20140328.${operation}`,
    },
    body: Buffer.from(JSON.stringify(body)),
  });
  return { status: response.status, body: Buffer.from(response.body).toString() };
}

const limits = { ...defaultWireLimits, bodyBytesMax: 16 * 2 ** 20 };

async function answer(
  api: AwsApi,
  request: WireRequest,
  asked: AccessQuestion[] = [],
): Promise<WireResponse> {
  const model = await loadServiceModel("logs");
  const dialect = selectDialect(model, request);
  try {
    const { operation, input } = readRequest(model, request, limits);
    const { access, handle } = api.operations[operation.name] as unknown as AwsOperation<unknown, object>;
    asked.push(...(await access(input, testCall)));
    const output = (await handle(input, testCall)) as Record<string, unknown>;
    return dialect.writeResult(model, operation, output, testCall.requestId);
  } catch (error) {
    if (error instanceof ProtocolError) return dialect.writeError(model, error, testCall.requestId);
    throw error;
  }
}
