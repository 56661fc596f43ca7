/** Where the server stands in ARNs. */
export interface ArnPlace {
  readonly region: string;
  readonly accountId: string;
}

/** Without the `:*` at the end. */
export function groupArn(place: ArnPlace, groupName: string): string {
  return `arn:aws:logs:${place.region}:${place.accountId}:log-group:${groupName}`;
}

export function streamArn(place: ArnPlace, groupName: string, streamName: string): string {
  return `${groupArn(place, groupName)}:log-stream:${streamName}`;
}

/**
 * The name of a group of this server by its ARN without `:*`, as AWS wants it in requests. Undefined for what is no ARN of a log
 * group, or is that of another account or region.
 */
export function groupNameOfArn(place: ArnPlace, arn: string): string | undefined {
  const prefix = groupArn(place, "");
  if (!arn.startsWith(prefix)) return undefined;
  const name = arn.slice(prefix.length);
  return name === "" || name.includes(":") ? undefined : name;
}
