import type { Posted, PostRequest } from "../../aws/index.ts";
import type { Encoder } from "../encoders/encoder.ts";
import { type Batch, halve } from "./batches.ts";

/** Where requests go and with what. */
export interface Receiver {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly encoder: Encoder;
  post(url: string, request: PostRequest): Promise<Posted>;
}

/** What became of a batch that is dealt with: what is not dropped is stored at the receiver. */
export interface Delivered {
  readonly refused: number;
  readonly rejected: number;
  /** The receiver's words about what it did not take. */
  readonly message?: string;
}

/** The receiver cannot take points now; they are kept and sent again. */
export class NotNow extends Error {
  override readonly name = "NotNow";
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Requests that a batch may grow to when it is refused. */
const requestsMax = 40;

/**
 * Sends a batch. One that is refused is halved until what is wrong with it stands alone, as some receivers take nothing of
 * a request in which a single sample is out of order; when that needs too many requests, the rest is given up. Throws
 * `NotNow` when trying again later may help; parts may have been taken by then, and taking them twice changes nothing.
 */
export async function deliver(
  receiver: Receiver,
  batch: Batch,
  { worthHalving, signal }: { worthHalving: boolean; signal: AbortSignal },
): Promise<Delivered> {
  const outcome = { refused: 0, rejected: 0, message: undefined as string | undefined };
  const waiting: Batch[] = [batch];
  for (let requests = 0; waiting.length > 0; requests++) {
    const next = waiting.shift() as Batch;
    const answer = await attempt(receiver, next, signal);
    if (answer.message !== undefined) outcome.message = answer.message;
    outcome.rejected += answer.rejected;
    if (!answer.refused) continue;
    const halves = worthHalving && requests + 1 < requestsMax ? halve(next) : [];
    waiting.unshift(...halves);
    if (halves.length === 0) outcome.refused += next.points;
  }
  const { message, ...counts } = outcome;
  return { ...counts, ...(message !== undefined && { message }) };
}

interface Answer {
  readonly refused: boolean;
  readonly rejected: number;
  readonly message?: string;
}

/** Statuses that speak about the content of the request. All others are about us, the address or the receiver's health. */
const aboutTheContent = new Set([400, 409, 413, 422]);

async function attempt(receiver: Receiver, { series, points }: Batch, signal: AbortSignal): Promise<Answer> {
  const { body, headers } = receiver.encoder.encode(series);
  const request = { headers: { ...headers, ...receiver.headers, "user-agent": "nephoscope" }, body, signal };
  const secrets = secretsOf(receiver.headers);
  const answer = await receiver.post(receiver.url, request).catch((error: unknown) => {
    // Some errors quote the other side, such as all names of its certificate.
    const reason = readable(error instanceof Error ? error.message : String(error), secrets);
    throw new NotNow(`No answer: ${reason}`, { cause: error });
  });
  if (answer.status >= 200 && answer.status < 300) {
    const { points: rejected, message } = receiver.encoder.rejected(answer.body);
    // A receiver's count is its claim; more than was sent cannot have been rejected.
    return {
      refused: false,
      rejected: Math.min(rejected, points),
      ...(message && { message: readable(message, secrets) }),
    };
  }
  if (aboutTheContent.has(answer.status)) {
    const message = `HTTP ${answer.status}: ${readable(answer.body.toString("utf8"), secrets)}`;
    return { refused: true, rejected: 0, message };
  }
  throw new NotNow(explain(answer.status), { retryAfterMs: retryAfterOf(answer) });
}

/**
 * Without the body, which may come from anything that listens at the address; only what speaks about our points is shown
 * in its own words.
 */
function explain(status: number): string {
  return `HTTP ${status}: ${hints[status] ?? (status < 400 ? "The receiver sends elsewhere, which is not followed." : "The receiver cannot take points now.")}`;
}

const hints: Readonly<Record<number, string>> = {
  401: "The receiver does not accept the authorization.",
  403: "The authorization is not allowed to write.",
  404: "The receiver knows no such path.",
  405: "The receiver takes no points at this path.",
  415: "The receiver does not speak this protocol at this path.",
  429: "The receiver asks to send more slowly.",
};

/** Shorter values, such as the number of a tenant, are no secrets, and hiding them would garble the text. */
const secretCharactersMin = 8;

/** Headers' values, and what follows a scheme such as `Bearer`. The longest first, as one may hold another. */
function secretsOf(headers: Receiver["headers"]): string[] {
  const texts = Object.values(headers).flatMap((value) => [value, value.split(" ").at(-1) ?? ""]);
  return [...new Set(texts)]
    .filter((text) => text.length >= secretCharactersMin)
    .sort((a, b) => b.length - a.length);
}

/** A stranger's text as people may see it: more read it than may change the settings, and some receivers echo headers. */
function readable(text: string, secrets: readonly string[]): string {
  const withoutSecrets = secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
  const plain = withoutSecrets.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, " ");
  return plain.replace(/ +/g, " ").trim().slice(0, 300);
}

/** Seconds, or a date, of which the receiver's own clock is the measure. */
function retryAfterOf({ headers }: Posted): number | undefined {
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const wait = Date.parse(text) - Date.parse(headers.date ?? "");
  return Number.isFinite(wait) && wait > 0 ? wait : undefined;
}
