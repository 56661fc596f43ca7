import { Stack } from "@mantine/core";
import type { CloudIntegration } from "@nephoscope/contract";
import { AdviceList } from "../spending/advice-list.tsx";
import { PriceMeter } from "../spending/price-meter.tsx";
import { inputWithChange } from "./form-values.ts";

interface IntegrationCostProps {
  integrationId: string;
  configuration: CloudIntegration | undefined;
}

/** What one integration costs, and how it could cost less. */
export function IntegrationCost({ integrationId, configuration }: IntegrationCostProps) {
  return (
    <Stack gap="md">
      <PriceMeter integrationId={integrationId} capUsd={configuration?.cloudWatch?.monthlyCapUsd ?? null} />
      <AdviceList
        integrationId={integrationId}
        inputWith={configuration && ((change) => inputWithChange(configuration, change))}
      />
    </Stack>
  );
}
