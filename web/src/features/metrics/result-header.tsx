import { ActionIcon, Badge, Button, Group, SegmentedControl, Title, Tooltip } from "@mantine/core";
import { IconDownload, IconHistory, IconLockCheck, IconPhotoDown } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode, RefObject } from "react";
import { queryMetricsAsCsv } from "../../api/metrics.ts";
import type { ChartLine } from "../../ui/aligned-series.ts";
import { CopyIcon } from "../../ui/copy.tsx";
import { downloadBlob, downloadText } from "../../ui/download.ts";
import { formatTimeRange } from "../../ui/format.ts";
import { notifyFailure } from "../../ui/notify.ts";
import { drawPicture } from "./chart-picture.ts";
import { chosenMetrics, type ExploredMetric } from "./explore.ts";
import { type MetricsSearch, queryOf, type SearchChange } from "./search.ts";

interface ResultHeaderProps {
  search: MetricsSearch;
  metrics: ExploredMetric[] | undefined;
  lines: ChartLine[];
  /** Where the charts are, for a picture of them. */
  card: RefObject<HTMLDivElement | null>;
  onChange: (next: SearchChange) => void;
}

export function ResultHeader({ search, metrics, lines, card, onChange }: ResultHeaderProps) {
  const chosen = chosenMetrics(search);
  const only = chosen.length === 1 ? chosen[0] : undefined;
  const unit = metrics?.[0]?.result.unit;
  return (
    <Group justify="space-between" gap="xs" mb={6}>
      <Group gap={8} miw={0}>
        <Title order={2} size="h5" style={{ overflowWrap: "anywhere" }}>
          {chosen.map(({ metric }) => metric).join(", ")}
        </Title>
        {only !== undefined && <Badge color="gray">{only.stat}</Badge>}
        {only !== undefined && unit && unit !== "None" && <Badge color="gray">{unit}</Badge>}
      </Group>
      <Group gap={6}>
        <Toggle
          icon={<IconHistory size={14} />}
          label="Compare with last week"
          on={search.compare === "week"}
          onToggle={(on) => onChange({ compare: on ? "week" : undefined })}
        />
        <Toggle
          icon={<IconLockCheck size={14} />}
          label="Settled only"
          on={search.settled === true}
          onToggle={(on) => onChange({ settled: on ? true : undefined })}
        />
        <SegmentedControl
          size="xs"
          aria-label="View"
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          value={search.view ?? "chart"}
          onChange={(view) => onChange({ view: view === "table" ? "table" : undefined })}
        />
        <Group gap={2} wrap="nowrap">
          <CopyIcon value={window.location.href} what="link to this view" />
          <CsvDownload chosen={chosen} />
          {search.view !== "table" && lines.length > 0 && metrics !== undefined && (
            <PictureDownload chosen={chosen} metrics={metrics} lines={lines} card={card} />
          )}
        </Group>
      </Group>
    </Group>
  );
}

interface ToggleProps {
  icon: ReactNode;
  label: string;
  on: boolean;
  onToggle: (on: boolean) => void;
}

function Toggle({ icon, label, on, onToggle }: ToggleProps) {
  return (
    <Button
      size="compact-sm"
      fw={500}
      variant={on ? "light" : "default"}
      aria-pressed={on}
      leftSection={icon}
      onClick={() => onToggle(!on)}
    >
      {label}
    </Button>
  );
}

/** One file for each metric: their labels make other columns. */
function CsvDownload({ chosen }: { chosen: MetricsSearch[] }) {
  const csv = useMutation({
    mutationFn: async () => {
      const now = Date.now();
      for (const one of chosen) {
        const query = queryOf(one, now);
        if (query === undefined) continue;
        const name = chosen.length === 1 ? query.metricName : `${query.metricName}-${query.statistic}`;
        downloadText(`${name}.csv`, await queryMetricsAsCsv(query), "text/csv");
      }
    },
    onError: (error) => notifyFailure("The download failed", error),
  });
  return (
    <DownloadButton
      label="Download as CSV"
      icon={<IconDownload size={15} />}
      busy={csv.isPending}
      onClick={() => csv.mutate()}
    />
  );
}

interface PictureDownloadProps {
  chosen: MetricsSearch[];
  metrics: ExploredMetric[];
  lines: ChartLine[];
  card: RefObject<HTMLDivElement | null>;
}

function PictureDownload({ chosen, metrics, lines, card }: PictureDownloadProps) {
  const picture = useMutation({
    mutationFn: async () => {
      const { current } = card;
      const result = metrics[0]?.result;
      if (current === null || result === undefined) return;
      const style = getComputedStyle(current);
      const blob = await drawPicture({
        title: chosen.map(({ metric, stat }) => `${metric} ${stat}`).join(", "),
        subtitle: formatTimeRange(result.from, result.to),
        canvases: [...current.querySelectorAll("canvas")],
        lines,
        paint: {
          paper: style.backgroundColor,
          ink: style.color,
          dimmed: style.getPropertyValue("--mantine-color-dimmed"),
        },
      });
      if (blob === null) throw new Error("The browser could not make a picture.");
      downloadBlob(`${chosen[0]?.metric ?? "metrics"}.png`, blob);
    },
    onError: (error) => notifyFailure("The download failed", error),
  });
  return (
    <DownloadButton
      label="Download as PNG"
      icon={<IconPhotoDown size={15} />}
      busy={picture.isPending}
      onClick={() => picture.mutate()}
    />
  );
}

interface DownloadButtonProps {
  label: string;
  icon: ReactNode;
  busy: boolean;
  onClick: () => void;
}

function DownloadButton({ label, icon, busy, onClick }: DownloadButtonProps) {
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} loading={busy} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
