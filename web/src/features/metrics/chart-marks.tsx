import { Anchor, HoverCard, Text, UnstyledButton } from "@mantine/core";
import type { MetricQueryResult, Run } from "@nephoscope/contract";
import { Link } from "@tanstack/react-router";
import { formatAbsolute, formatTimeRange } from "../../ui/format.ts";
import { owedReasonWords } from "../../ui/owed-reasons.tsx";
import classes from "./chart-marks.module.css";

export type Missing = MetricQueryResult["missing"][number];

interface ChartMarksProps {
  from: number;
  to: number;
  missing: readonly Missing[];
  runs: readonly Run[];
  /** Names of integrations by id. */
  names: ReadonlyMap<string, string>;
}

/** What lies over the chart: times without points, shaded, and runs that did not succeed. */
export function ChartMarks({ from, to, missing, runs, names }: ChartMarksProps) {
  const place = (at: number) => `${(Math.min(1, Math.max(0, (at - from) / (to - from))) * 100).toFixed(3)}%`;
  const width = (one: Missing) =>
    `${(((Math.min(to, one.to) - Math.max(from, one.from)) / (to - from)) * 100).toFixed(3)}%`;
  return (
    <>
      {missing.map((one) => (
        <div
          key={`${one.from} ${one.to} ${one.integrationId} ${one.region} ${one.reason} ${one.lost}`}
          className={classes.band}
          data-lost={one.lost || undefined}
          style={{ left: place(one.from), width: width(one) }}
        >
          <Mark className={classes.bandHandle} label={missingText(one)}>
            <Text size="xs" fw={600}>
              {one.lost ? "Lost" : "Owed"}: {owedReasonWords[one.reason].label.toLowerCase()}
            </Text>
            <Text size="xs">{missingText(one)}</Text>
            <IntegrationAnchor id={one.integrationId} names={names} tab="quality" />
          </Mark>
        </div>
      ))}
      {clusters(runs, from, to).map((cluster) => {
        const first = cluster[0] as Run;
        return (
          <div key={first.id} className={classes.run} style={{ left: place(Date.parse(first.startedAt)) }}>
            <Mark className={classes.runHandle} label={runsText(cluster)}>
              <Text size="xs" fw={600}>
                {runsText(cluster)}
              </Text>
              <Text size="xs" c="dimmed">
                {formatAbsolute(Date.parse(first.startedAt))}
              </Text>
              {first.error !== null && <Text size="xs">{first.error.message}</Text>}
              <IntegrationAnchor id={first.integrationId} names={names} tab="runs" />
            </Mark>
          </div>
        );
      })}
    </>
  );
}

function missingText({ from, to, region, reason, lost }: Missing): string {
  const fate = lost ? "AWS no longer has these points." : "This time will be read again.";
  return `${formatTimeRange(from, to)}, ${region}. ${owedReasonWords[reason].meaning} ${fate}`;
}

const stateWords: Record<Run["state"], string> = {
  running: "is running",
  succeeded: "succeeded",
  partial: "succeeded in part",
  failed: "failed",
  abandoned: "was abandoned",
};

function runsText(cluster: readonly Run[]): string {
  const [first] = cluster;
  if (first === undefined) return "";
  return cluster.length === 1
    ? `A run ${stateWords[first.state]}`
    : `${cluster.length} runs did not succeed; the first ${stateWords[first.state]}`;
}

/** Closer together than this share of the chart, runs become one mark. */
const clusterShare = 1 / 80;

function clusters(runs: readonly Run[], from: number, to: number): Run[][] {
  const width = (to - from) * clusterShare;
  const sorted = runs.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const found: Run[][] = [];
  for (const run of sorted) {
    const open = found.at(-1);
    const start = open?.[0]?.startedAt;
    if (open !== undefined && start !== undefined && Date.parse(run.startedAt) - Date.parse(start) < width)
      open.push(run);
    else found.push([run]);
  }
  return found;
}

function Mark(props: { className: string | undefined; label: string; children: React.ReactNode }) {
  return (
    <HoverCard width={300} shadow="md" openDelay={80} withinPortal>
      <HoverCard.Target>
        <UnstyledButton className={props.className} aria-label={props.label} />
      </HoverCard.Target>
      <HoverCard.Dropdown p="xs">{props.children}</HoverCard.Dropdown>
    </HoverCard>
  );
}

interface IntegrationAnchorProps {
  id: string;
  names: ReadonlyMap<string, string>;
  tab: "runs" | "quality";
}

function IntegrationAnchor({ id, names, tab }: IntegrationAnchorProps) {
  return (
    <Anchor
      size="xs"
      renderRoot={(root) => <Link to="/integrations/$id" params={{ id }} search={{ tab }} {...root} />}
    >
      {names.get(id) ?? "The integration"}
    </Anchor>
  );
}
