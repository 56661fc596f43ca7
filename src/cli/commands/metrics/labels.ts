/** `InstanceId=i-1 region=us-east-1`; `all` when a series has no labels. */
export function describeLabels(labels: Readonly<Record<string, string>>): string {
  const text = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  return text === "" ? "all" : text;
}
