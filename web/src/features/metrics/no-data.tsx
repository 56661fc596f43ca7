import { Alert, Anchor } from "@mantine/core";
import type { NoData } from "@nephoscope/contract";
import { IconMoodEmpty } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Empty } from "../../ui/empty.tsx";

type Place = "integrations" | "quality" | "spending";

/** What to do about it, and where. */
const advice: Record<NoData["reason"], { text: string; place?: Place }> = {
  "no-integration": { text: "Add an integration, or enable one.", place: "integrations" },
  "not-selected": { text: "Let an integration select this metric.", place: "integrations" },
  "not-listed": {
    text: "Check that the resource exists and is in use: AWS lists metrics of the last two weeks.",
  },
  "no-points-in-aws": { text: "AWS has no points either. Choose another range." },
  "too-recent": { text: "Wait a few minutes, or choose a range that ends earlier." },
  "not-collected-yet": { text: "Wait for the next run, or start one.", place: "integrations" },
  owed: { text: "It will be read again by itself.", place: "quality" },
  lost: { text: "AWS no longer has these points.", place: "quality" },
  disabled: { text: "Enable the integration.", place: "integrations" },
  failing: { text: "See why the integration fails.", place: "integrations" },
  paused: { text: "Raise the monthly cap, or wait for the next month.", place: "spending" },
  "unknown-statistic": { text: "Choose another statistic, or let an integration collect this one." },
  "settled-only": { text: "Show points that may still change as well." },
};

const placeTitles: Record<Place, string> = {
  integrations: "Integrations",
  quality: "Data quality",
  spending: "Spending",
};

/** The one metric of the chart has no point: why, and what to do. */
export function NoDataPanel({ noData }: { noData: NoData | null }) {
  const { text, place } =
    noData === null
      ? { text: "Try a longer range or fewer filters.", place: undefined }
      : advice[noData.reason];
  return (
    <div role="status">
      <Empty
        icon={<IconMoodEmpty size={22} />}
        title={noData?.message ?? "No data in this range"}
        action={place !== undefined && <PlaceLink place={place} />}
      >
        {text}
      </Empty>
    </div>
  );
}

/** One of several metrics has no point. */
export function NoDataNotice({ metric, noData }: { metric: string; noData: NoData | null }) {
  const known = noData === null ? undefined : advice[noData.reason];
  return (
    <Alert color="blue" variant="light" p="xs">
      <b>{metric}</b>: {noData?.message ?? "No data in this range."} {known?.text}{" "}
      {known?.place !== undefined && <PlaceLink place={known.place} />}
    </Alert>
  );
}

function PlaceLink({ place }: { place: Place }) {
  const target = { integrations: "/integrations", quality: "/data-quality", spending: "/spending" } as const;
  return (
    <Anchor size="sm" renderRoot={(root) => <Link to={target[place]} {...root} />}>
      {placeTitles[place]}
    </Anchor>
  );
}
