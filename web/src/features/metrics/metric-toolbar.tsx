import {
  Card,
  type ComboboxItem,
  Group,
  Menu,
  MultiSelect,
  Select,
  Text,
  UnstyledButton,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFilterPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { dimensionsQuery, metricNamesQuery } from "../../api/metrics.ts";
import { formatCount } from "../../ui/format.ts";
import classes from "./metric-toolbar.module.css";
import { type Aggregation, defaultAggregation, type MetricsSearch, type SearchChange } from "./search.ts";

interface MetricToolbarProps {
  search: MetricsSearch;
  namespaces: { namespace: string; series: number }[] | undefined;
  onChange: (next: SearchChange) => void;
  /** Which of several metrics the fields edit. */
  children: ReactNode;
}

const forgetMetric: SearchChange = {
  metric: undefined,
  stat: undefined,
  agg: undefined,
  by: undefined,
  dims: undefined,
  region: undefined,
  account: undefined,
};

const aggregationChoices: { value: Aggregation; label: string }[] = [
  { value: "avg", label: "Average" },
  { value: "sum", label: "Sum" },
  { value: "min", label: "Minimum" },
  { value: "max", label: "Maximum" },
  { value: "count", label: "Count" },
  { value: "last", label: "Last" },
];

const stepChoices = [
  { value: "auto", label: "Automatic" },
  { value: "60", label: "1 min" },
  { value: "300", label: "5 min" },
  { value: "900", label: "15 min" },
  { value: "3600", label: "1 h" },
  { value: "21600", label: "6 h" },
  { value: "86400", label: "1 d" },
];

const limitChoices = ["10", "20", "50", "100", "200", "500"];

export function MetricToolbar({ search, namespaces, onChange, children }: MetricToolbarProps) {
  const dimensions = useQuery({
    ...dimensionsQuery({ namespace: search.ns, metricName: search.metric, statistic: search.stat }),
    enabled: search.ns !== undefined && search.metric !== undefined,
  });
  const names = dimensions.data?.items ?? [];
  return (
    <Card withBorder padding="sm" component="section" aria-label="Metrics to show">
      {children}
      <div className={classes.selects}>
        <Select
          label="Namespace"
          placeholder="Choose"
          searchable
          allowDeselect={false}
          data={(namespaces ?? []).map((item) => ({ value: item.namespace, label: item.namespace }))}
          value={search.ns ?? null}
          onChange={(ns) => onChange({ ...forgetMetric, ns: ns ?? undefined })}
          maxDropdownHeight={320}
        />
        <MetricSelect search={search} onChange={onChange} />
        <StatisticSelect search={search} onChange={onChange} />
        <Select
          label="Combine by"
          title="How the series of one group become one line"
          data={aggregationChoices}
          allowDeselect={false}
          disabled={search.stat === undefined}
          value={search.agg ?? defaultAggregation(search.stat ?? "Average")}
          onChange={(agg) => onChange({ agg: (agg as Aggregation | null) ?? undefined })}
        />
        <GroupBySelect search={search} names={names.map((item) => item.name)} onChange={onChange} />
        <Select
          label="Step"
          data={stepChoices}
          allowDeselect={false}
          disabled={search.stat === undefined}
          value={search.step === undefined ? "auto" : String(search.step)}
          onChange={(step) => onChange({ step: step === "auto" || step === null ? undefined : Number(step) })}
        />
        <Select
          label="At most"
          data={limitChoices.map((value) => ({ value, label: `${value} series` }))}
          allowDeselect={false}
          disabled={search.stat === undefined}
          value={String(search.limit ?? 50)}
          onChange={(limit) =>
            onChange({ limit: limit === "50" || limit === null ? undefined : Number(limit) })
          }
        />
      </div>
      {search.metric !== undefined && <Filters search={search} dimensions={names} onChange={onChange} />}
    </Card>
  );
}

type PartProps = Pick<MetricToolbarProps, "search" | "onChange">;

function MetricSelect({ search, onChange }: PartProps) {
  const [text, setText] = useState("");
  const [needle] = useDebouncedValue(text, 200);
  const metrics = useQuery({
    ...metricNamesQuery({
      namespace: search.ns ?? "",
      // The chosen name stands in the field; it is not a search.
      text: needle === search.metric ? undefined : needle || undefined,
    }),
    enabled: search.ns !== undefined,
  });
  const items = metrics.data?.items ?? [];
  const counts = new Map(items.map((item) => [item.metricName, item.series]));
  const data = items.map((item) => item.metricName);
  if (search.metric !== undefined && !counts.has(search.metric)) data.unshift(search.metric);
  const choose = (metric: string | null) => {
    const statistics = items.find((item) => item.metricName === metric)?.statistics ?? [];
    const stat =
      search.stat !== undefined && statistics.includes(search.stat)
        ? search.stat
        : statistics.includes("Average")
          ? "Average"
          : statistics[0];
    onChange({ ...forgetMetric, metric: metric ?? undefined, stat });
  };
  return (
    <Select
      label="Metric"
      placeholder={search.ns === undefined ? "Choose a namespace first" : "Choose"}
      searchable
      allowDeselect={false}
      disabled={search.ns === undefined}
      data={data}
      value={search.metric ?? null}
      onChange={choose}
      onSearchChange={setText}
      nothingFoundMessage={metrics.isFetching ? "Searching…" : "No metric has this in its name"}
      renderOption={({ option }: { option: ComboboxItem }) => (
        <Group justify="space-between" wrap="nowrap" flex={1} gap="sm">
          <Text size="sm" truncate>
            {option.label}
          </Text>
          <Text size="xs" c="dimmed" className="numbers">
            {counts.has(option.value) ? formatCount(counts.get(option.value) ?? 0) : ""}
          </Text>
        </Group>
      )}
      maxDropdownHeight={320}
    />
  );
}

function StatisticSelect({ search, onChange }: PartProps) {
  const metrics = useQuery({
    ...metricNamesQuery({ namespace: search.ns ?? "", text: search.metric }),
    enabled: search.ns !== undefined && search.metric !== undefined,
  });
  const known = metrics.data?.items.find((item) => item.metricName === search.metric)?.statistics ?? [];
  const data = search.stat === undefined || known.includes(search.stat) ? known : [search.stat, ...known];
  return (
    <Select
      label="Statistic"
      data={data}
      allowDeselect={false}
      disabled={search.metric === undefined}
      value={search.stat ?? null}
      onChange={(stat) => onChange({ stat: stat ?? undefined, agg: undefined })}
    />
  );
}

const together = " all together";

function GroupBySelect({ search, names, onChange }: PartProps & { names: string[] }) {
  const value = search.by === undefined ? [] : search.by.length === 0 ? [together] : search.by;
  return (
    <MultiSelect
      label="Group by"
      placeholder={value.length === 0 ? "Every series" : undefined}
      data={[
        { value: together, label: "One line of all" },
        ...["region", "accountId", "integrationId"].map((name) => ({ value: name, label: name })),
        ...names
          .filter((name) => name !== "region" && name !== "accountId" && name !== "integrationId")
          .map((name) => ({ value: name, label: name })),
      ]}
      disabled={search.stat === undefined}
      clearable
      value={value}
      onChange={(chosen) => {
        if (chosen.length === 0) onChange({ by: undefined });
        else if (chosen.at(-1) === together) onChange({ by: [] });
        else onChange({ by: chosen.filter((name) => name !== together) });
      }}
    />
  );
}

interface Dimension {
  name: string;
  values: string[];
  truncated: boolean;
}

function Filters({ search, dimensions, onChange }: PartProps & { dimensions: Dimension[] }) {
  const dims = search.dims ?? {};
  const valuesOf = (name: string) => dimensions.find((dimension) => dimension.name === name)?.values ?? [];
  const free = dimensions.filter(
    (dimension) =>
      dimension.name !== "region" && dimension.name !== "accountId" && dims[dimension.name] === undefined,
  );
  const setDimension = (name: string, values: string[] | undefined) => {
    const next = Object.fromEntries(Object.entries({ ...dims, [name]: values }).filter(([, kept]) => kept));
    onChange({ dims: Object.keys(next).length === 0 ? undefined : (next as Record<string, string[]>) });
  };
  return (
    <Group gap="xs" mt="sm" align="center">
      <Select
        aria-label="Region"
        placeholder="Any region"
        size="xs"
        clearable
        searchable
        w={150}
        data={withChosen(valuesOf("region"), search.region)}
        value={search.region ?? null}
        onChange={(region) => onChange({ region: region ?? undefined })}
      />
      <Select
        aria-label="Account"
        placeholder="Any account"
        size="xs"
        clearable
        searchable
        w={150}
        data={withChosen(valuesOf("accountId"), search.account)}
        value={search.account ?? null}
        onChange={(account) => onChange({ account: account ?? undefined })}
      />
      {Object.entries(dims).map(([name, values]) => (
        <div key={name} className={classes.filter}>
          <span className={classes.filterName}>{name}</span>
          <MultiSelect
            aria-label={`Values of ${name}`}
            placeholder={values.length === 0 ? "any value" : undefined}
            size="xs"
            searchable
            variant="unstyled"
            miw={120}
            data={[...new Set([...values, ...valuesOf(name)])]}
            value={values}
            onChange={(chosen) => setDimension(name, chosen)}
            comboboxProps={{ width: 260, position: "bottom-start" }}
          />
          <UnstyledButton
            className={classes.remove}
            aria-label={`Remove filter ${name}`}
            onClick={() => setDimension(name, undefined)}
          >
            <IconX size={13} />
          </UnstyledButton>
        </div>
      ))}
      {free.length > 0 && (
        <Menu position="bottom-start">
          <Menu.Target>
            <UnstyledButton className={classes.add}>
              <IconFilterPlus size={15} aria-hidden /> Filter by dimension
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown mah={300} style={{ overflowY: "auto" }}>
            {free.map((dimension) => (
              <Menu.Item key={dimension.name} onClick={() => setDimension(dimension.name, [])}>
                {dimension.name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}

const withChosen = (values: string[], chosen: string | undefined) =>
  chosen === undefined || values.includes(chosen) ? values : [chosen, ...values];
