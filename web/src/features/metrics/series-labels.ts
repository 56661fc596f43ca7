/**
 * Names series by what tells them apart. Labels that all share are said once, as `common`; a series without labels of
 * its own is named after the metric.
 */
export function nameSeries(
  labelSets: readonly Record<string, string>[],
  metricName: string,
): { names: string[]; common: Record<string, string> } {
  const keys = [...new Set(labelSets.flatMap((labels) => Object.keys(labels)))].sort();
  const first = labelSets[0] ?? {};
  const shared = keys.filter(
    (key) => first[key] !== undefined && labelSets.every((labels) => labels[key] === first[key]),
  );
  const own = labelSets.length === 1 ? [] : keys.filter((key) => !shared.includes(key));
  const taken = new Map<string, number>();
  const names = labelSets.map((labels) => {
    const name =
      own
        .map((key) => labels[key])
        .filter((value) => value !== undefined && value !== "")
        .join(" · ") || metricName;
    const times = taken.get(name) ?? 0;
    taken.set(name, times + 1);
    return times === 0 ? name : `${name} (${times + 1})`;
  });
  return { names, common: Object.fromEntries(shared.map((key) => [key, first[key] ?? ""])) };
}
