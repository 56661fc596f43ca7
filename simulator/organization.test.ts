import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  type ListMetricsCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { type SimulatedAws, simulateAws } from "../test/support/simulated-aws.ts";

let aws: SimulatedAws;
let monitoring: CloudWatchClient;

beforeEach(() => {
  aws = simulateAws();
  monitoring = new CloudWatchClient(aws.config());
});

describe("linked accounts", () => {
  const { operator, production } = { operator: "111111111111", production: "222222222222" };

  test("are listed only where they are asked for, each metric with its owner", async () => {
    aws.simulator.accounts.setLinks(operator, [production]);
    const own = await listAll({});
    assert.ok(own.length > 0);
    const all = await listAll({ IncludeLinkedAccounts: true });
    const owners = all.map(({ owner }) => owner);
    assert.equal(owners.filter((owner) => owner === operator).length, own.length);
    assert.ok(owners.filter((owner) => owner === production).length > 500, "more than a page");
    const one = await listAll({ IncludeLinkedAccounts: true, OwningAccount: production });
    assert.deepEqual([...new Set(one.map(({ owner }) => owner))], [production]);
    assert.equal(one.length, all.length - own.length);
  });

  test("give their data when the query names them, and none to accounts that are not linked", async () => {
    aws.simulator.accounts.setLinks(operator, [production]);
    const listed = await listAll({
      IncludeLinkedAccounts: true,
      OwningAccount: production,
      Namespace: "AWS/EC2",
    });
    const metric = listed.find(({ metric: { MetricName } }) => MetricName === "CPUUtilization")?.metric;
    const read = async (AccountId?: string) => {
      const answer = await monitoring.send(
        new GetMetricDataCommand({
          StartTime: new Date(aws.clock.nowMs - 3_600_000),
          EndTime: new Date(aws.clock.nowMs),
          MetricDataQueries: [
            { Id: "a", AccountId, MetricStat: { Metric: metric, Period: 300, Stat: "Average" } },
          ],
        }),
      );
      return answer.MetricDataResults?.[0]?.Values?.length;
    };
    assert.ok(((await read(production)) ?? 0) > 5);
    assert.equal(await read(), 0, "the asking account has no such metric");
    await assert.rejects(read("333333333333"), /not linked/);
  });

  async function listAll(input: ListMetricsCommandInput) {
    const found: {
      metric: NonNullable<ListMetricsCommandOutput["Metrics"]>[number];
      owner: string | undefined;
    }[] = [];
    let token: string | undefined;
    do {
      const page: ListMetricsCommandOutput = await monitoring.send(
        new ListMetricsCommand({ ...input, NextToken: token }),
      );
      page.Metrics?.forEach((metric, index) => {
        found.push({ metric, owner: page.OwningAccounts?.[index] });
      });
      token = page.NextToken;
    } while (token);
    return found;
  }
});
