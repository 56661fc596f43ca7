import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Decoded, decodeAt } from "../testing/decoded.ts";

/** A body and what becomes of it: one row of AWS's tables, or a decision of ours where they are silent. */
interface Case {
  readonly name: string;
  /** Pieces of it where one of them repeats too often to be written out. */
  readonly body: string | readonly (string | { readonly repeat: string; readonly times: number })[];
  /** Only for the format of HEC. */
  readonly hlcMessage?: "object" | "event";
  readonly events?: Decoded["events"];
  readonly skipped?: Decoded["skipped"];
  /** The kind of the refusal; nothing of such a body is stored. */
  readonly refused?: string;
  readonly message?: string;
}

const folders = {
  hlc: "/services/collector/event",
  "nd-json": "/ingest/bulk",
  json: "/ingest/json",
  "hec-raw": "/services/collector/raw",
  otlp: "/v1/logs",
};

function textOf(body: Case["body"]): string {
  if (typeof body === "string") return body;
  return body.map((part) => (typeof part === "string" ? part : part.repeat.repeat(part.times))).join("");
}

for (const [folder, path] of Object.entries(folders)) {
  const cases = JSON.parse(
    readFileSync(new URL(`./${folder}/cases.json`, import.meta.url), "utf8"),
  ) as Case[];
  for (const { name, body, hlcMessage, events = [], skipped = [], refused, message } of cases) {
    test(`${folder}: ${name}`, () => {
      const decoded = decodeAt(path, Buffer.from(textOf(body)), hlcMessage && { hlcMessage });
      assert.equal(decoded.refused?.kind, refused);
      if (message !== undefined) assert.equal(decoded.refused?.message, message);
      if (refused !== undefined) return;
      assert.deepEqual(decoded.events, events);
      assert.deepEqual(decoded.skipped, skipped);
    });
  }
}
