import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AppError } from "../base/index.ts";
import { refusals, toRefusal } from "./refusal.ts";

test("the operators' guide tells of each status with each name that senders get", () => {
  const guide = readFileSync(new URL("../../docs/guide/log-operations.md", import.meta.url), "utf8");
  const rows = guide.split("\n").filter((line) => /^\| \d{3}/.test(line));
  for (const { status, aws } of Object.values(refusals))
    assert.ok(
      rows.some((row) => row.split("|")[1]?.includes(String(status)) && row.includes(`\`${aws}\``)),
      `docs/guide/log-operations.md lacks ${status} ${aws}`,
    );
});

test("trouble that somebody else caused keeps its cause for the log; that there is no room does not", () => {
  const cause = new AppError("store_unavailable");
  assert.equal(toRefusal(cause).cause, cause);
  const full = toRefusal(new AppError("overloaded"));
  assert.deepEqual([full.kind, full.cause], ["overloaded", undefined]);
});
