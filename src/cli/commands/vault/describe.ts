import type { z } from "zod";
import type { vaultStatus } from "../../../contract/index.ts";
import { formatRecord, formatTable } from "../../output/table.ts";

export function describeVault(status: z.infer<typeof vaultStatus>): string {
  const { rotation } = status;
  const facts = formatRecord([
    ["Sealed secrets", status.secrets],
    ["Writing with key", status.writeKeyId],
    ["Rotation", `${rotation.state}, ${rotation.done} of ${rotation.total}`],
    ["Message", rotation.message],
  ]);
  const keys = status.masterKeys.map((key) => [key.keyId, key.dataKeys, key.removable]);
  return `${facts}\n${formatTable(["Master key", "Data keys", "Removable"], keys)}`;
}
