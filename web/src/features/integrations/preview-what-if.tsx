import { Button, Table, Text } from "@mantine/core";
import type { IntegrationPreview } from "@nephoscope/contract";
import { formatDollarRange, formatDollars } from "../../ui/format.ts";

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

/** `: saves $4.10` by the high end of the range, which is what a cap has to reckon with. */
function differenceText(
  now: IntegrationPreview["usdPerMonth"],
  other: IntegrationPreview["usdPerMonth"],
): string {
  const saving = now.high - other.high;
  // Less than a cent is noise of the estimate.
  if (Math.abs(saving) < 0.01) return "";
  return saving > 0 ? `: saves ${formatDollars(saving)}` : `: ${formatDollars(-saving)} more`;
}
