import { z } from "zod";
import {
  allServicesInput,
  allServicesResult,
  cloudIntegration,
  cloudIntegrationInput,
  facetSearchRequest,
  facetsResponse,
  facetsSearchRequest,
  pagedCloudIntegrations,
  pagedStrings,
  pageQuery,
  searchRequest,
} from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { IntegrationService, Services } from "../services.ts";
import { idParams } from "./fields.ts";

const tag = "Cloud Integration";
const base = "/api/v2/cloudintegration";

/** The paths of Wavefront's API; `/api/v2` answers in its envelope. */
export function cloudIntegrationRoutes({ integrations, externalIds }: Services): Route[] {
  return [
    ...resourceRoutes(integrations),
    allServicesRoute(integrations),
    ...stateRoutes(integrations),
    ...externalIdRoutes(externalIds),
    ...searchRoutes(integrations, "/api/v2/search/cloudintegration", { deleted: false }),
    ...searchRoutes(integrations, "/api/v2/search/cloudintegration/deleted", { deleted: true }),
  ];
}

const deleteQuery = z.object({
  skipTrash: z
    .string()
    .regex(/^(true|false)$/i, "true or false.")
    .transform((text) => text.toLowerCase() === "true")
    .prefault("false"),
});

const wireIntegration = {
  name: "production",
  service: "CLOUDWATCH",
  cloudWatch: {
    baseCredentials: {
      roleArn: "arn:aws:iam::123456789012:role/NephoscopeRead",
      externalId: "0123456789abcdef",
    },
    namespaces: ["AWS/EC2"],
  },
  serviceRefreshRateInMins: 5,
};

function resourceRoutes(integrations: IntegrationService): Route[] {
  return [
    route({
      operation: "integrations:List",
      method: "GET",
      path: base,
      tag,
      query: pageQuery,
      output: pagedCloudIntegrations,
      handle: ({ query }) => integrations.list(query),
    }),
    route({
      operation: "integrations:Create",
      method: "POST",
      path: base,
      tag,
      body: cloudIntegrationInput,
      example: wireIntegration,
      output: cloudIntegration,
      handle: ({ body }, caller) => integrations.create(body, caller),
    }),
    route({
      operation: "integrations:Get",
      method: "GET",
      path: `${base}/:id`,
      tag,
      params: idParams,
      output: cloudIntegration,
      handle: ({ params }) => integrations.get(params.id),
    }),
    route({
      operation: "integrations:Update",
      method: "PUT",
      path: `${base}/:id`,
      tag,
      params: idParams,
      body: cloudIntegrationInput,
      example: wireIntegration,
      output: cloudIntegration,
      handle: ({ params, body }, caller) => integrations.update(params.id, body, caller),
    }),
    route({
      operation: "integrations:Delete",
      method: "DELETE",
      path: `${base}/:id`,
      tag,
      params: idParams,
      query: deleteQuery,
      output: cloudIntegration,
      handle: ({ params, query }, caller) => integrations.remove(params.id, query, caller),
    }),
  ];
}

const allServicesQuery = z.object({ name: z.string().regex(/^aws$/i, "Only AWS.") });

/** Documented nowhere by its maker; the onboarding script for AWS Control Tower calls it once for each account. */
function allServicesRoute(integrations: IntegrationService): Route {
  return route({
    operation: "integrations:Create",
    method: "POST",
    path: "/api/external/all",
    tag,
    summary: "Create an integration of each supported AWS service for one role",
    query: allServicesQuery,
    body: allServicesInput,
    example: wireIntegration.cloudWatch.baseCredentials,
    output: allServicesResult,
    handle: ({ body }, caller) => integrations.createAll(body, caller),
  });
}

function stateRoutes(integrations: IntegrationService): Route[] {
  return [
    route({
      operation: "integrations:Enable",
      method: "POST",
      path: `${base}/:id/enable`,
      tag,
      params: idParams,
      output: cloudIntegration,
      handle: ({ params }, caller) => integrations.enable(params.id, caller),
    }),
    route({
      operation: "integrations:Disable",
      method: "POST",
      path: `${base}/:id/disable`,
      tag,
      params: idParams,
      output: cloudIntegration,
      handle: ({ params }, caller) => integrations.disable(params.id, caller),
    }),
    route({
      operation: "integrations:Undelete",
      method: "POST",
      path: `${base}/:id/undelete`,
      tag,
      params: idParams,
      output: cloudIntegration,
      handle: ({ params }, caller) => integrations.undelete(params.id, caller),
    }),
  ];
}

function externalIdRoutes(externalIds: Services["externalIds"]): Route[] {
  return [
    route({
      operation: "externalIds:Create",
      method: "POST",
      path: `${base}/awsExternalId`,
      tag,
      output: z.string(),
      handle: (_, caller) => externalIds.create(caller),
    }),
    route({
      operation: "externalIds:Get",
      method: "GET",
      path: `${base}/awsExternalId/:id`,
      tag,
      params: idParams,
      output: z.string(),
      handle: ({ params }) => externalIds.get(params.id),
    }),
    route({
      operation: "externalIds:Delete",
      method: "DELETE",
      path: `${base}/awsExternalId/:id`,
      tag,
      params: idParams,
      output: z.string(),
      handle: ({ params }) => externalIds.delete(params.id),
    }),
  ];
}

const facetParams = z.object({ facet: z.string().max(255) });

function searchRoutes(
  integrations: IntegrationService,
  path: `/${string}`,
  where: { deleted: boolean },
): Route[] {
  const place = where.deleted ? " in the trash" : "";
  return [
    route({
      operation: "integrations:Search",
      method: "POST",
      path,
      tag,
      summary: `Search cloud integrations${place}`,
      body: searchRequest,
      example: {
        query: [{ key: "name", value: "prod", matchingMethod: "CONTAINS" as const }],
        limit: 100,
        offset: 0,
      },
      bodyOptional: true,
      output: pagedCloudIntegrations,
      handle: ({ body }) => integrations.search(body, where),
    }),
    route({
      operation: "integrations:Search",
      method: "POST",
      path: `${path}/facets`,
      tag,
      summary: `Values of several properties of cloud integrations${place}`,
      body: facetsSearchRequest,
      example: { facets: ["service"], limit: 100 },
      output: facetsResponse,
      handle: ({ body }) => integrations.facets(body, where),
    }),
    route({
      operation: "integrations:Search",
      method: "POST",
      path: `${path}/:facet`,
      tag,
      summary: `Values of one property of cloud integrations${place}`,
      params: facetParams,
      body: facetSearchRequest,
      example: { facetQuery: "prod", limit: 100 },
      bodyOptional: true,
      output: pagedStrings,
      handle: ({ params, body }) => integrations.facet(params.facet, body, where),
    }),
  ];
}
