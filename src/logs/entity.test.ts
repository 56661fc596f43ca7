import assert from "node:assert/strict";
import { test } from "node:test";
import { type Entity, type EntityProblem, readEntity } from "./entity.ts";

const service = { Type: "Service", Name: "web", Environment: "prod" };

test("the same entity has the same text, whatever the order of its parts", () => {
  const text = readEntity({ keyAttributes: service, attributes: { b: "2", a: "1" } }, "STANDARD");
  const turned = { Environment: "prod", Name: "web", Type: "Service" };
  assert.deepEqual(readEntity({ keyAttributes: turned, attributes: { a: "1", b: "2" } }, "STANDARD"), text);
  assert.deepEqual(text, {
    text: '{"keyAttributes":{"Environment":"prod","Name":"web","Type":"Service"},"attributes":{"a":"1","b":"2"}}',
  });
});

test("what is wrong with an entity is told by AWS's names", () => {
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`a${index}`, "x"]));
  const large = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`a${index}`, "é".repeat(512)]));
  const cases: [Entity, EntityProblem][] = [
    [{}, "MissingRequiredFields"],
    [{ keyAttributes: { Type: "Service" } }, "InvalidKeyAttributes"],
    [{ keyAttributes: { ...service, Color: "red" } }, "InvalidKeyAttributes"],
    [{ keyAttributes: { ...service, Name: "" } }, "InvalidKeyAttributes"],
    [{ keyAttributes: { ...service, Name: "x".repeat(513) } }, "InvalidKeyAttributes"],
    [{ keyAttributes: { Name: "web", Environment: "prod" } }, "MissingRequiredFields"],
    [{ keyAttributes: { Type: "Service", Name: "web" } }, "MissingRequiredFields"],
    [{ keyAttributes: { ...service, Type: "constructor" } }, "InvalidTypeValue"],
    [{ keyAttributes: service, attributes: many }, "InvalidAttributes"],
    [{ keyAttributes: service, attributes: { a: "" } }, "InvalidAttributes"],
    [{ keyAttributes: service, attributes: large }, "EntitySizeTooLarge"],
  ];
  for (const [entity, problem] of cases)
    assert.deepEqual(readEntity(entity, "STANDARD"), { problem }, JSON.stringify(entity).slice(0, 200));
  assert.deepEqual(readEntity({ keyAttributes: service }, "DELIVERY"), {
    problem: "UnsupportedLogGroupType",
  });
});
