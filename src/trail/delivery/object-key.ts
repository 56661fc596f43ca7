import { alphanumerics, type Random } from "../../base/index.ts";
import type { RecordOrigin } from "../record.ts";

/** The key of a log file by the time of its delivery, as CloudTrail names them; no two are the same. */
export function objectKey(
  prefix: string | null,
  deliveredAtMs: number,
  { accountId, region }: RecordOrigin,
  random: Pick<Random, "text">,
): string {
  const at = new Date(deliveredAtMs).toISOString();
  const [year, month, day] = at.slice(0, 10).split("-");
  const minute = at.slice(0, 16).replaceAll(/[-:]/g, "");
  const file = `${accountId}_CloudTrail_${region}_${minute}Z_${random.text(16, alphanumerics)}.json.gz`;
  const folders = prefix === null ? [] : [prefix.replace(/\/$/, "")];
  return [...folders, "AWSLogs", accountId, "CloudTrail", region, year, month, day, file].join("/");
}
