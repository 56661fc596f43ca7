import type { Registry } from "prom-client";
import { z } from "zod";
import { overview, serverSettings, serverSettingsUpdate, vaultStatus } from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";

const tag = "Server";

export function serverRoutes(
  { overview: overviews, settings, vault }: Services,
  registry: Registry,
): Route[] {
  return [
    route({
      operation: "overview:Get",
      method: "GET",
      path: "/api/v1/overview",
      tag,
      output: overview,
      handle: () => overviews.get(),
    }),
    route({
      operation: "settings:Get",
      method: "GET",
      path: "/api/v1/settings",
      tag,
      output: serverSettings,
      handle: () => settings.get(),
    }),
    route({
      operation: "settings:Update",
      method: "PUT",
      path: "/api/v1/settings",
      tag,
      body: serverSettingsUpdate,
      example: { baseCredentialId: null },
      output: serverSettings,
      handle: ({ body }, caller) => settings.update(body, caller),
    }),
    route({
      operation: "vault:GetStatus",
      method: "GET",
      path: "/api/v1/vault",
      tag,
      output: vaultStatus,
      handle: () => vault.status(),
    }),
    route({
      operation: "vault:Rotate",
      method: "POST",
      path: "/api/v1/vault/rotate",
      tag,
      output: vaultStatus,
      handle: () => vault.rotate(),
    }),
    route({
      operation: "server:GetMetrics",
      method: "GET",
      path: "/metrics",
      tag,
      output: z.string(),
      textType: registry.contentType,
      handle: () => registry.metrics(),
    }),
  ];
}
