import { Button, Table, Text } from "@mantine/core";
import { useState } from "react";
import type { ChartLine } from "../../ui/aligned-series.ts";
import { formatAbsolute, formatMetricValue } from "../../ui/format.ts";

const columnsShown = 12;
const rowsAtOnce = 100;

/** The chart's figures, newest first. What does not fit is in the CSV. */
export function MetricTable({ times, lines }: { times: number[]; lines: ChartLine[] }) {
  const [rows, setRows] = useState(rowsAtOnce);
  const shown = lines.slice(0, columnsShown);
  const newest = times.map((at, index) => ({ at, index })).reverse();
  return (
    <>
      {lines.length > columnsShown && (
        <Text size="xs" c="dimmed">
          The first {columnsShown} of {lines.length} series; the CSV has all.
        </Text>
      )}
      <Table.ScrollContainer minWidth={200 + shown.length * 110} maxHeight={520} type="native">
        <Table stickyHeader verticalSpacing={3} fz="xs" striped className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={190}>Time</Table.Th>
              {shown.map((line) => (
                <Table.Th key={line.label} ta="right" style={{ overflowWrap: "anywhere" }}>
                  {line.label}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {newest.slice(0, rows).map(({ at, index }) => (
              <Table.Tr key={at}>
                <Table.Td>{formatAbsolute(at)}</Table.Td>
                {shown.map((line) => {
                  const value = line.values[index];
                  const changing = line.changingFrom !== null && index >= line.changingFrom;
                  return (
                    <Table.Td
                      key={line.label}
                      ta="right"
                      fs={changing ? "italic" : undefined}
                      title={changing ? "May still change" : undefined}
                    >
                      {value === null || value === undefined ? "–" : formatMetricValue(value, line.unit)}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {newest.length > rows && (
        <Button variant="subtle" size="compact-sm" onClick={() => setRows(rows + rowsAtOnce)}>
          Show {Math.min(rowsAtOnce, newest.length - rows)} more of {newest.length - rows}
        </Button>
      )}
    </>
  );
}
