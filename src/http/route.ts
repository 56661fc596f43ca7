import type { z } from "zod";
import type { AccessQuestion, OperationName, Principal, RequestFacts } from "../contract/index.ts";

/** Facts of the request and the session cookie, for the few routes that need more than input and caller. */
export interface Exchange {
  /** The socket's address; headers that claim another are not believed. */
  readonly address: string;
  /** Present when a session cookie proved who calls. */
  readonly session?: { readonly csrfToken: string; readonly expiresAt: Date };
  /** What policies may ask about the request, for services that ask them once more when they make a change. */
  readonly facts: Facts;
  /** For what only the handler sees to be needed: asks as `access` is asked, with the facts of this request. Throws `access_denied`. */
  authorize(question: AccessQuestion): Promise<void>;
  /** Of a repeatable route. Throws `validation_failed` for one that is none. */
  idempotencyKey(): string | undefined;
  setSessionCookie(value: string): void;
  clearSessionCookie(): void;
}

export type Facts = Omit<RequestFacts, "nowMs">;

export interface RouteInput<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

interface Common<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType> {
  readonly operation: OperationName;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: `/${string}`;
  /** Heading in the API documentation. */
  readonly tag: string;
  /** For the documentation, where several routes share an operation. */
  readonly summary?: string;
  readonly params?: P;
  readonly query?: Q;
  /** Without it the body is ignored, whatever it holds. */
  readonly body?: B;
  /** A body that is accepted, for the documentation to start from. */
  readonly example?: z.input<B>;
  /** No body, or null, stands for `{}`. */
  readonly bodyOptional?: true;
  /** Takes an Idempotency-Key. */
  readonly repeatable?: true;
  readonly output: O;
  /** Content type of an answer that is text; JSON without it. */
  readonly textType?: string;
  /** Renders the output for callers that ask for `text/csv`. */
  readonly csv?: (output: z.output<O>) => string;
}

interface RouteRecord<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>
  extends Common<P, Q, B, O> {
  /** What has to be allowed, each of it; without this it is the operation on any resource. */
  access?(
    input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>,
    caller: Principal,
    facts: Facts,
  ): Promise<readonly AccessQuestion[]> | readonly AccessQuestion[];
  handle(
    input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>,
    caller: Principal,
    exchange: Exchange,
  ): Promise<z.input<O>> | z.input<O>;
}

interface AnonymousRouteRecord<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  O extends z.ZodType,
> extends Common<P, Q, B, O> {
  handle(
    input: RouteInput<z.output<P>, z.output<Q>, z.output<B>>,
    exchange: Exchange,
  ): Promise<z.input<O>> | z.input<O>;
}

/** A route with its types forgotten, as the listener keeps it. */
export interface Route {
  readonly operation: OperationName;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: `/${string}`;
  readonly tag: string;
  readonly summary?: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly example?: unknown;
  readonly bodyOptional?: true;
  readonly repeatable?: true;
  readonly output: z.ZodType;
  readonly textType?: string;
  csv?(output: unknown): string;
  /** No caller is needed: signing in. */
  readonly anonymous: boolean;
  access?(
    input: RouteInput<never, never, never>,
    caller: Principal,
    facts: Facts,
  ): Promise<readonly AccessQuestion[]> | readonly AccessQuestion[];
  handle(input: RouteInput<never, never, never>, caller: Principal | undefined, exchange: Exchange): unknown;
}

/** Declares a route. There is none without an operation: policies, metrics, audit and manual all hang on its name. */
export function route<
  O extends z.ZodType,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(record: RouteRecord<P, Q, B, O>): Route {
  const { access } = record;
  return {
    ...record,
    anonymous: false,
    ...(access && { access: (input, caller, facts) => access(input, caller, facts) }),
    handle: (input, caller, exchange) => record.handle(input, caller as Principal, exchange),
  };
}

export function anonymousRoute<
  O extends z.ZodType,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(record: AnonymousRouteRecord<P, Q, B, O>): Route {
  return {
    ...record,
    anonymous: true,
    handle: (input, _caller, exchange) => record.handle(input, exchange),
  };
}
