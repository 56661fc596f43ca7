/** `InstanceId=i-1 region=us-east-1`; `all` when a series has no labels. The server's own series belong to no integration. */
export function describeLabels(labels: Readonly<Record<string, string>>): string {
  const text = Object.entries(labels)
    .filter(([name, value]) => name !== "integrationId" || value !== "")
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  return text === "" ? "all" : text;
}
