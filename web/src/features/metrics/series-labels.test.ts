import assert from "node:assert/strict";
import { test } from "node:test";
import { nameSeries } from "./series-labels.ts";

test("series are named by what differs; what all share is said once", () => {
  const { names, common } = nameSeries(
    [
      { region: "us-east-1", InstanceId: "i-1" },
      { region: "us-east-1", InstanceId: "i-2" },
    ],
    "CPUUtilization",
  );
  assert.deepEqual(names, ["i-1", "i-2"]);
  assert.deepEqual(common, { region: "us-east-1" });
});

test("a lone series is named after its metric", () => {
  assert.deepEqual(nameSeries([{ region: "us-east-1" }], "CPUUtilization").names, ["CPUUtilization"]);
});

test("names are unique even when labels are not", () => {
  assert.deepEqual(nameSeries([{}, {}], "Errors").names, ["Errors", "Errors (2)"]);
});
