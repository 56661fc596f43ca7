import { SegmentedControl, type SegmentedControlProps } from "@mantine/core";

interface ZoneSwitchProps extends Pick<SegmentedControlProps, "fullWidth" | "visibleFrom"> {
  utc: boolean;
  onUtc: (utc: boolean) => void;
  /** What the time of the browser's zone is called. */
  local?: string;
}

/** Whether times are read in the browser's zone or in UTC. */
export function ZoneSwitch({ utc, onUtc, local = "Local", ...rest }: ZoneSwitchProps) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Time zone"
      value={utc ? "utc" : "local"}
      onChange={(zone) => onUtc(zone === "utc")}
      data={[
        { value: "local", label: local },
        { value: "utc", label: "UTC" },
      ]}
      {...rest}
    />
  );
}
