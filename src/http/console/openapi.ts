import { fastifySwagger } from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { operations } from "../../contract/index.ts";
import type { Route } from "../route.ts";
import { apiSchemas, dropUnusedSchemas } from "./api-schemas.ts";

const transformRoute = createJsonSchemaTransform({ schemaRegistry: apiSchemas });
const transformDocument = createJsonSchemaTransformObject({ schemaRegistry: apiSchemas });

/** Must be registered before the routes that it is to describe. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Nephoscope",
        version,
        description:
          "Paths below /api/v1 are ours: a success body is the value itself, an error is { error: { code, message, fields, requestId } }. " +
          "Paths below /api/v2 speak Wavefront's envelope. Send a REST token as `Authorization: Bearer …` or `X-AUTH-TOKEN`.",
      },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer", description: "A REST token, such as nepho_…" },
          session: {
            type: "apiKey",
            in: "cookie",
            name: "nepho_session",
            description: "Set by signing in; changes need the header X-CSRF-Token as well.",
          },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: (document) => {
      const route = document.route.config?.route;
      if (!route) return { schema: { hide: true }, url: document.url };
      const { schema, url } = transformRoute(document);
      return {
        schema: {
          ...schema,
          ...describeRoute(route),
          ...describeBody(schema, route),
          ...describeHeaders(route),
        },
        url,
      };
    },
    transformObject: (document) => dropUnusedSchemas(transformDocument(document)),
  });
  app.get("/api/openapi.json", { config: { open: "documentation" } }, async () => app.swagger());
}

function describeRoute(route: Route): Record<string, unknown> {
  const { summary, access } = operations[route.operation];
  return {
    operationId: operationIdOf(route),
    summary: route.summary ?? summary,
    description: `Operation \`${route.operation}\` (${access}).`,
    "x-operation": route.operation,
    ...(route.anonymous && { security: [] }),
  };
}

function describeBody(schema: { body?: unknown }, route: Route): Record<string, unknown> {
  if (route.example === undefined) return {};
  // Beside a reference no other keyword counts, hence the wrapping.
  return { body: { allOf: [schema.body], examples: [route.example] } };
}

function describeHeaders(route: Route): Record<string, unknown> {
  if (!route.repeatable) return {};
  const description =
    "Names the request: sent again with the same name within 24 hours, it gets the same answer and stores nothing again.";
  const properties = { "Idempotency-Key": { type: "string", minLength: 1, maxLength: 255, description } };
  return { headers: { type: "object", properties } };
}

/** Unique and stable: several routes may share one operation, so method and path make the name. */
function operationIdOf(route: Route): string {
  const words = route.path
    .replace(/^\/api\//, "")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return [route.method.toLowerCase(), ...words].join("_");
}
