import { AppError, type Secret } from "../../base/index.ts";
import type { SecretRef, SecretStore } from "../access-keys.ts";

/** Stands in for the vault: it only has to give back what was put under the same reference. */
export function createMemoryVault(): SecretStore & { readonly size: () => number } {
  const values = new Map<string, Secret>();
  const tokens = new Map<string, Secret>();
  const keyOf = ({ kind, recordId, version, field }: SecretRef) => `${kind} ${recordId} ${version} ${field}`;
  return {
    size: () => values.size,
    seal: async (ref, value) => {
      values.set(keyOf(ref), value);
    },
    remove: async (kind, recordId) => {
      for (const key of values.keys()) if (key.startsWith(`${kind} ${recordId} `)) values.delete(key);
    },
    open: async (ref) => {
      const value = values.get(keyOf(ref));
      if (!value) throw new AppError("secret_unreadable");
      return value;
    },
    sealToken: (context, content) => {
      const token = `token ${tokens.size}`;
      tokens.set(JSON.stringify([context, token]), content);
      return token;
    },
    openToken: (context, token) => tokens.get(JSON.stringify([context, token])),
  };
}
