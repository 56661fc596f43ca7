import type { ClientDependencies } from "./api-call.ts";
import { classifyAwsError } from "./classify.ts";
import type { Identity } from "./identity.ts";
import type { AwsService } from "./regions.ts";

interface CallContext extends ClientDependencies {
  readonly service: AwsService;
  readonly region: string;
  readonly identity: Identity;
  /** Whether the service is at an endpoint that a user gave. */
  readonly custom: boolean;
}

type Next = (args: Args) => Promise<unknown>;
interface Args {
  readonly input: unknown;
  readonly request?: { headers: Record<string, string> };
}
interface HandlerContext {
  readonly commandName?: string;
  readonly __smithy_context?: {
    selectedHttpAuthScheme?: { httpAuthOption: { signingProperties?: { signingName?: string } } };
  };
}
type Middleware = (next: Next, context: HandlerContext) => Next;

/** The part of a client's middleware stack that is used here; the SDK's own type differs from client to client. */
interface Stack {
  add(middleware: Middleware, options: { step: string; name: string; priority?: string }): void;
  addRelativeTo(
    middleware: Middleware,
    options: { relation: string; toMiddleware: string; name: string },
  ): void;
}

const expiredCodes = new Set(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]);

export function addMiddleware(client: unknown, call: CallContext): void {
  const stack = (client as { middlewareStack: Stack }).middlewareStack;
  stack.add(accounting(call), { step: "deserialize", name: "nephoscopeAccounting", priority: "high" });
  if (call.identity.refreshable) {
    stack.add(retryOnceAfterExpiry(call), { step: "initialize", name: "nephoscopeExpiry", priority: "high" });
  }
  if (call.service === "monitoring" && call.source.serviceName !== "monitoring") {
    stack.addRelativeTo(signAs(call.source.serviceName), {
      relation: "before",
      toMiddleware: "httpSigningMiddleware",
      name: "nephoscopeServiceName",
    });
  }
  if (call.custom && call.source.sessionTokenHeader === "with-x-amz-access-token") {
    stack.add(secondTokenHeader(call), { step: "build", name: "nephoscopeAccessToken" });
  }
}

/** Around the deserializer, so that an error answer counts as a failed call; inside the retries, so that each attempt counts. */
function accounting({ service, region, source, clock, onCall }: CallContext): Middleware {
  return (next, context) => async (args) => {
    const started = clock.monotonic();
    const report = (ok: boolean, throttled = false) => {
      const operation = (context.commandName ?? "Unknown").replace(/Command$/, "");
      const durationMs = clock.monotonic() - started;
      for (const listener of onCall) {
        listener({ service, operation, region, recordId: source.recordId, ok, throttled, durationMs });
      }
    };
    try {
      const result = await next(args);
      report(true);
      return result;
    } catch (error) {
      report(false, classifyAwsError(error).cause === "THROTTLED");
      throw error;
    }
  };
}

/** A token can end early (a revoked session, a clock that is off): fresh keys are worth one more try. */
function retryOnceAfterExpiry({ identity }: CallContext): Middleware {
  return (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      if (!(error instanceof Error) || !expiredCodes.has(error.name)) throw error;
      identity.forget();
      return next(args);
    }
  };
}

/** Gateways that stand in for CloudWatch may want another service name in the credential scope. */
function signAs(serviceName: string): Middleware {
  return (next, context) => async (args) => {
    const properties = context.__smithy_context?.selectedHttpAuthScheme?.httpAuthOption.signingProperties;
    if (properties) properties.signingName = serviceName;
    return next(args);
  };
}

/** Added before signing, so that the header is part of what is signed; always beside the standard one. */
function secondTokenHeader({ identity }: CallContext): Middleware {
  return (next) => async (args) => {
    const { sessionToken } = await identity();
    if (sessionToken && args.request) args.request.headers["x-amz-access-token"] = sessionToken;
    return next(args);
  };
}
