import type {
  DescribeLogGroupsCommandInput,
  DescribeLogGroupsCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import { ProtocolError } from "../../src/protocols/index.ts";
import { applications } from "../inventory.ts";
import { paginate } from "./paging.ts";
import { accountOf, handler, type SimulatedService } from "./service.ts";

export const logs: SimulatedService = {
  handlers: {
    DescribeLogGroups: handler<DescribeLogGroupsCommandInput, DescribeLogGroupsCommandOutput>(
      (input, context) => {
        const accountId = accountOf(context);
        const inventory = context.world.inventory(accountId, context.region);
        const pageSize = input.limit ?? 50;
        if (pageSize < 1 || pageSize > 50)
          throw new ProtocolError("InvalidParameterException", "limit must be between 1 and 50.");
        const names = [
          ...inventory.functions.map(({ name }) => `/aws/lambda/${name}`),
          ...(inventory.instances.length > 0 ? applications.map((name) => `/app/${name}`) : []),
        ].filter((name) => name.startsWith(input.logGroupNamePrefix ?? ""));
        const { nextToken: token, ...question } = input;
        const page = paginate(names.sort(), {
          token,
          pageSize,
          scope: JSON.stringify(question),
          invalidTokenCode: "InvalidParameterException",
        });
        return {
          logGroups: page.items.map((logGroupName, n) => ({
            logGroupName,
            arn: `arn:aws:logs:${context.region}:${accountId}:log-group:${logGroupName}:*`,
            logGroupArn: `arn:aws:logs:${context.region}:${accountId}:log-group:${logGroupName}`,
            creationTime: Date.UTC(2025, 2, 1 + n),
            retentionInDays: 30,
            metricFilterCount: 0,
            storedBytes: 1_048_576 * (n + 1),
            logGroupClass: "STANDARD",
          })),
          nextToken: page.nextToken,
        };
      },
    ),
  },
};
