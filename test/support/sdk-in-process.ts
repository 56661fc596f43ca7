import { createHash, createHmac } from "node:crypto";
import { HttpRequest, HttpResponse } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import type { WireRequest, WireResponse } from "../../src/protocols/index.ts";

/** What an AWS SDK client takes as `requestHandler`, without a socket: the bytes go straight to `answer`. */
export function answerInProcess(answer: (request: WireRequest) => Promise<WireResponse | string>) {
  return {
    handle: async (request: HttpRequest) => {
      const response = await answer(toWireRequest(request));
      if (typeof response === "string") throw new Error(`No answer: ${response}`);
      const { body, headers, status } = response;
      return { response: new HttpResponse({ statusCode: status, headers: { ...headers }, body }) };
    },
  };
}

/** An SDK request as a server would see it. */
export function toWireRequest(request: HttpRequest): WireRequest {
  const query = Object.entries(request.query)
    .flatMap(([name, value]) => [value].flat().map((item) => `${encode(name)}=${encode(item ?? "")}`))
    .join("&");
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { body, method, path } = request;
  return { method, path, query, headers, body: bytesOf(body) };
}

/** Some protocols hand over bytes that pretend to be text and warn when they are taken for it. */
function bytesOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array
    ? new Uint8Array(body)
    : Buffer.from(typeof body === "string" ? body : "");
}

export interface SigningInput {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region?: string;
  readonly service: string;
  readonly atMs: number;
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly presignSeconds?: number;
}

/** Signs with the SDK's signer, so that our verification is checked against somebody else's arithmetic. */
export async function signedRequest(input: SigningInput): Promise<WireRequest> {
  const { accessKeyId, secretAccessKey, sessionToken } = input;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    region: input.region ?? "us-east-1",
    service: input.service,
    sha256: NodeSha256,
    uriEscapePath: input.service !== "s3",
  });
  const request = new HttpRequest({
    method: input.method ?? "POST",
    protocol: "http:",
    hostname: "aws.test",
    path: input.path ?? "/",
    query: input.query ?? {},
    headers: { host: "aws.test", ...input.headers },
    body: input.body ?? "",
  });
  const signingDate = new Date(input.atMs);
  const signed = input.presignSeconds
    ? await signer.presign(request, { signingDate, expiresIn: input.presignSeconds })
    : await signer.sign(request, { signingDate });
  return toWireRequest(signed as HttpRequest);
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The hash interface that the SDK's signer wants, on Node's own SHA-256. */
class NodeSha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash("sha256")
        : createHmac("sha256", typeof secret === "string" ? secret : toBuffer(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === "string" ? data : toBuffer(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }

  reset(): void {}
}

function toBuffer(data: ArrayBuffer | ArrayBufferView): Buffer {
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}
