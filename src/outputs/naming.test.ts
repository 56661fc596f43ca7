import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultNaming, familyName, labelsOf } from "./naming.ts";
import { sampleSeries } from "./testing/samples.ts";

describe("the name of a metric", () => {
  const names: readonly [namespace: string, metricName: string, statistic: string, name: string][] = [
    ["AWS/EC2", "CPUUtilization", "Average", "aws_ec2_cpuutilization_average"],
    ["AWS/ApplicationELB", "RequestCount", "Sum", "aws_applicationelb_request_count_sum"],
    ["AWS/ApplicationELB", "TargetResponseTime", "p99.9", "aws_applicationelb_target_response_time_p99_9"],
    ["AWS/EBS", "BurstBalance%", "SampleCount", "aws_ebs_burst_balance_percent_sample_count"],
    ["/aws/sagemaker/TrainingJobs", "CPU Util", "Maximum", "aws_sagemaker_trainingjobs_cpu_util_maximum"],
    ["Mein Dienst/1", "Größe", "Average", "aws_mein_dienst_1_gr__e_average"],
  ];
  for (const [namespace, metricName, statistic, name] of names) {
    test(`${namespace} ${metricName} ${statistic} is ${name}`, () => {
      assert.equal(familyName({ namespace, metricName, statistic }), name);
      assert.match(name, /^[a-z_][a-z0-9_]*$/);
    });
  }
});

describe("labels", () => {
  const labels = (change: Parameters<typeof sampleSeries>[0], naming = defaultNaming) =>
    Object.fromEntries(labelsOf(sampleSeries(change), naming));

  test("keep the case of dimensions and tags, or have none of it", () => {
    const change = { dimensions: { "Load Balancer": "x", TargetGroup: "y" }, tags: { "team:Name": "z" } };
    const common = {
      account_id: "111122223333",
      integration_id: "11111111-1111-4111-8111-111111111111",
      region: "eu-west-1",
    };
    assert.deepEqual(labels(change), {
      ...common,
      dimension_Load_Balancer: "x",
      dimension_TargetGroup: "y",
      tag_team_Name: "z",
    });
    assert.deepEqual(labels(change, { labels: "snake", tags: false }), {
      ...common,
      dimension_load_balancer: "x",
      dimension_target_group: "y",
    });
  });

  test("are never the same twice and come in the order of bytes, as receivers demand", () => {
    const names = labelsOf(
      sampleSeries({ dimensions: { "a.b": "1", "a-b": "2", a_b: "3", B: "4" }, tags: {} }),
      defaultNaming,
    ).map(([name]) => name);
    assert.deepEqual(names, [...new Set(names)].sort());
    assert.equal(names.length, 7);
  });

  test("an empty value is left out, as it means no label", () => {
    assert.equal("tag_Name" in labels({ tags: { Name: "" } }), false);
  });
});
