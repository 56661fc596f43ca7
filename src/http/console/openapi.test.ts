import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { operationNames } from "../../contract/index.ts";
import { consoleRoutes } from "../routes/index.ts";
import { createTestConsole } from "../testing/console.ts";
import { nameOf } from "../testing/route-requests.ts";

interface Operation {
  operationId: string;
  tags: string[];
  "x-operation": string;
}

test("the API description is OpenAPI 3.1 and names every route once", async () => {
  const { app, services } = await createTestConsole();
  const routes = consoleRoutes(services, new Registry());
  const response = await app.inject({ method: "GET", url: "/api/openapi.json" });
  assert.equal(response.statusCode, 200);
  const document = response.json();
  assert.equal(document.openapi, "3.1.0");
  const operations: [string, Operation][] = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
      operation,
    ]),
  );
  assert.deepEqual(operations.map(([name]) => name).sort(), routes.map(nameOf).sort());
  const ids = operations.map(([, { operationId }]) => operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const [name, operation] of operations) {
    assert.ok((operationNames as string[]).includes(operation["x-operation"]), name);
    assert.equal(operation.tags.length, 1);
  }
  const { content } = document.paths["/api/v1/credentials"].post.requestBody;
  assert.equal(content["application/json"].example.method, "keys");
  const schema = document.components.schemas.NewCredentialInput;
  assert.deepEqual(schema.required.sort(), ["method", "name", "region"]);
  assert.equal(schema.properties.method.enum.includes("web-identity"), true);
  const referred = [...response.body.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(referred)].sort(), Object.keys(document.components.schemas).sort());
  await app.close();
});
