import type { AwsApi } from "../../contract/index.ts";
import {
  isFailure,
  loadServiceModel,
  parseAuthorization,
  type ServiceModel,
  speaksQuery,
  targetOf,
  type WireRequest,
} from "../../protocols/index.ts";

export interface AwsService {
  readonly api: AwsApi;
  readonly model: ServiceModel;
}

export interface AwsServices {
  readonly names: readonly string[];
  /** The one that was signed for; where that is nothing of ours, the one whose words the caller understands best. */
  select(request: WireRequest): AwsService;
}

export async function loadAwsServices(apis: readonly AwsApi[]): Promise<AwsServices> {
  const services = await Promise.all(
    apis.map(async (api) => ({ api, model: await loadServiceModel(api.service) })),
  );
  const named = (name: string | undefined) => services.find(({ api }) => api.service === name);
  const spokenBy = (request: WireRequest) => {
    // Of requests that name no service.
    const isQuery = speaksQuery(request);
    return services.find(({ model }) => model.dialects.includes("aws-query") === isQuery);
  };
  return {
    names: services.map(({ api }) => api.service),
    select: (request) => {
      const target = targetOf(request)?.service;
      const service =
        named(signedService(request)) ??
        services.find(({ model }) => model.target === target) ??
        spokenBy(request) ??
        services[0];
      if (!service) throw new Error("An endpoint without an API has no words to answer in.");
      return service;
    },
  };
}

function signedService(request: WireRequest): string | undefined {
  const authorization = parseAuthorization(request);
  return isFailure(authorization) ? undefined : authorization.service;
}
