import { Progress, Stack, Text } from "@mantine/core";
import type { Completeness } from "@nephoscope/contract";
import { formatCount, formatShare } from "../../ui/format.ts";

type Share = Completeness["lastDay"];

/** What is stored, what is owed and what is lost of a time, as one bar. */
export function CompletenessBar({ share, of, size = 8 }: { share: Share; of: string; size?: number }) {
  const parts = partsOf(share);
  return (
    <Progress.Root size={size} role="img" aria-label={`${of}: ${spoken(share)}`}>
      {parts.map(({ color, percent }) => (
        <Progress.Section key={color} value={percent} color={color} withAria={false} />
      ))}
    </Progress.Root>
  );
}

/** The same as a large figure with its bar and the counts behind it. */
export function CompletenessFigure({ title, share }: { title: string; share: Share }) {
  return (
    <Stack gap={4} miw={0}>
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      <Text fz={26} fw={650} lh={1.2} className="numbers">
        {share.share === null ? "–" : formatShare(share.share)}
      </Text>
      <CompletenessBar share={share} of={title} />
      <Text size="xs" c="dimmed">
        {share.share === null
          ? "Nothing was due yet."
          : `${formatCount(share.owed)} of ${formatCount(share.expected)} metric-minutes are owed, ${formatCount(share.lost)} are lost.`}
      </Text>
    </Stack>
  );
}

function spoken({ share, owed, lost }: Share): string {
  if (share === null) return "nothing was due yet";
  return `${formatShare(share)} complete, ${formatCount(owed)} metric-minutes owed, ${formatCount(lost)} lost`;
}

/** A sliver that is there must be seen, however small its share is. */
const smallestPercent = 1.5;

function partsOf({ share, expected, owed, lost }: Share): { color: string; percent: number }[] {
  if (share === null || expected === 0) return [];
  const percentOf = (part: number) => (part === 0 ? 0 : Math.max(smallestPercent, (part / expected) * 100));
  const [owedPercent, lostPercent] = [percentOf(owed), percentOf(lost)];
  return [
    { color: "green", percent: Math.max(0, 100 - owedPercent - lostPercent) },
    { color: "yellow", percent: owedPercent },
    { color: "red", percent: lostPercent },
  ].filter(({ percent }) => percent > 0);
}
