import { Button, Table, Text } from "@mantine/core";
import type { IntegrationPreview } from "@nephoscope/contract";
import { formatDollarRange } from "../../ui/format.ts";

interface PreviewWhatIfProps {
  rows: IntegrationPreview["whatIf"];
  /** What the settings cost as they are. */
  price: IntegrationPreview["usdPerMonth"];
  /** The interval of the settings. */
  minutes: number;
  onInterval: (minutes: number) => void;
}

/** What other intervals would cost, each with a button that takes it. */
export function PreviewWhatIf({ rows, price, minutes, onInterval }: PreviewWhatIfProps) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        The same points, asked for less often. They arrive later, and cost less.
      </Text>
      <Table fz="xs" verticalSpacing={3} horizontalSpacing={6} className="numbers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Every</Table.Th>
            <Table.Th ta="right">A month</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ intervalMinutes, usdPerMonth }) => (
            <Table.Tr key={intervalMinutes}>
              <Table.Td fw={intervalMinutes === minutes ? 650 : undefined}>
                {minutesText(intervalMinutes)}
              </Table.Td>
              <Table.Td ta="right" fw={intervalMinutes === minutes ? 650 : undefined}>
                {formatDollarRange(usdPerMonth)}
              </Table.Td>
              <Table.Td ta="right">
                {intervalMinutes === minutes ? (
                  <Text size="xs" c="dimmed">
                    as it is set
                  </Text>
                ) : (
                  <Button
                    size="compact-xs"
                    variant={usdPerMonth.high < price.high ? "light" : "default"}
                    onClick={() => onInterval(intervalMinutes)}
                    aria-label={`Use ${minutesText(intervalMinutes)}${differenceText(price, usdPerMonth)}`}
                  >
                    Use{differenceText(price, usdPerMonth)}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const minutesText = (minutes: number) => (minutes === 1 ? "1 minute" : `${minutes} minutes`);

type Range = IntegrationPreview["usdPerMonth"];

/** `: saves $0.80 to $4.10`; nothing where the difference is noise of the estimate. */
function differenceText(now: Range, other: Range): string {
  const saving = { low: now.low - other.low, high: now.high - other.high };
  if (Math.abs(saving.high) < 0.01) return "";
  if (saving.high > 0) return `: saves ${formatDollarRange({ ...saving, low: Math.max(0, saving.low) })}`;
  return `: ${formatDollarRange({ low: Math.max(0, -saving.low), high: -saving.high })} more`;
}
