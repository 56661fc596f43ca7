import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricQueryResult } from "../contract/metric.ts";
import { csvLine, renderMetricsCsv } from "./csv.ts";

test("quotes, commas and line breaks are quoted as RFC 4180 says", () => {
  assert.equal(
    csvLine(["plain", 'say "hi"', "a,b", "two\nlines", 1.5]),
    'plain,"say ""hi""","a,b","two\nlines",1.5\r\n',
  );
});

test("a cell that a spreadsheet would run is defused, a number is not", () => {
  for (const cell of ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\tx"])
    assert.equal(csvLine([cell]), `'${cell}\r\n`);
  assert.equal(csvLine(["\r=1"]), `"'\r=1"\r\n`);
  assert.equal(csvLine(['=HYPERLINK("http://evil","x")']), `"'=HYPERLINK(""http://evil"",""x"")"\r\n`);
  for (const number of ["-1.5", "+3", "-2e-7"]) assert.equal(csvLine([number]), `${number}\r\n`);
  assert.equal(csvLine(["-1+cmd"]), "'-1+cmd\r\n");
});

test("points become lines; series without a label have an empty cell", () => {
  const series: MetricQueryResult["series"] = [
    { labels: { region: "us-east-1" }, points: [[0, 1]], settledTo: 0 },
    { labels: { InstanceId: "i-1" }, points: [[60_000, -2.5]], settledTo: 0 },
  ];
  assert.equal(
    [...renderMetricsCsv({ series })].join(""),
    "time,InstanceId,region,value\r\n1970-01-01T00:00:00.000Z,,us-east-1,1\r\n1970-01-01T00:01:00.000Z,i-1,,-2.5\r\n",
  );
});

test("many points come in pieces, and none is lost", () => {
  const points = Array.from({ length: 2_500 }, (_, index): [number, number] => [index, index]);
  const chunks = [...renderMetricsCsv({ series: [{ labels: {}, points, settledTo: 0 }] })];
  assert.equal(chunks.length, 3);
  assert.equal(chunks.join("").split("\r\n").length, 2_502);
});
