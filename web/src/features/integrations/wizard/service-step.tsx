import { Group, Radio, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconChartDots3 } from "@tabler/icons-react";
import classes from "../credential-picker.module.css";

/** The services that can be collected from. */
export function ServiceStep() {
  return (
    <Radio.Group aria-label="Service" value="CLOUDWATCH" onChange={() => undefined}>
      <Radio.Card value="CLOUDWATCH" className={classes.tile} aria-label="CloudWatch metrics" maw={560}>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Radio.Indicator mt={2} />
          <ThemeIcon variant="light" size={34} radius="md" aria-hidden>
            <IconChartDots3 size={19} />
          </ThemeIcon>
          <Stack gap={2} miw={0}>
            <Text size="sm" fw={600}>
              CloudWatch metrics
            </Text>
            <Text size="sm" c="dimmed">
              Points of any namespace: AWS's services, agents and your own metrics. Needs
              cloudwatch:ListMetrics and cloudwatch:GetMetricData.
            </Text>
          </Stack>
        </Group>
      </Radio.Card>
    </Radio.Group>
  );
}
