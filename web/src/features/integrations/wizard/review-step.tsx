import { Button, Card, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { Credential } from "@nephoscope/contract";
import { Fact, Facts } from "../../../ui/facts.tsx";
import { formatCount, formatDollarRange, formatDollars, formatSeconds } from "../../../ui/format.ts";
import type { IntegrationFormValues } from "../form-values.ts";
import { NameField, TagsAndForceFields } from "../name-fields.tsx";
import { useIntegrationPreview } from "../use-integration-preview.ts";
import { type StepId, stepTitles } from "./steps.ts";
import classes from "./wizard.module.css";

interface ReviewStepProps {
  form: UseFormReturnType<IntegrationFormValues>;
  credentials: Credential[];
  onStep: (step: StepId) => void;
}

/** The name, and everything that was chosen once more before it is saved. */
export function ReviewStep({ form, credentials, onStep }: ReviewStepProps) {
  return (
    <div className={classes.columns}>
      <Card withBorder>
        <Stack gap="md">
          <NameField form={form} />
          <TagsAndForceFields form={form} />
        </Stack>
      </Card>
      <Stack gap="sm" className={classes.beside}>
        <Price values={form.values} />
        <Chosen step="credential" onStep={onStep}>
          <IdentityFacts values={form.values} credentials={credentials} />
        </Chosen>
        <Chosen step="collect" onStep={onStep}>
          <CollectionFacts values={form.values} />
        </Chosen>
      </Stack>
    </div>
  );
}

/** The answer of the step before is still known, so this asks AWS only when somebody came here by a link. */
function Price({ values }: { values: IntegrationFormValues }) {
  const { preview, usdPerMonth } = useIntegrationPreview(values, undefined, true);
  const cap = values.monthlyCapUsd;
  return (
    <Card withBorder component="section" aria-label="Price">
      <Text size="xs" c="dimmed">
        A month costs about
      </Text>
      {preview.isFetching && usdPerMonth === undefined && <Skeleton h={26} w={180} aria-label="Loading" />}
      {usdPerMonth !== undefined && (
        <Text fz={22} fw={650}>
          {preview.data?.truncated && "at least "}
          {formatDollarRange(usdPerMonth)}
        </Text>
      )}
      {!preview.isFetching && usdPerMonth === undefined && (
        <Text size="sm">not known: there is no preview</Text>
      )}
      <Text size="xs" c="dimmed">
        {preview.data !== undefined &&
          `${formatCount(preview.data.matchedMetrics)} metrics, ${formatCount(preview.data.series)} series · `}
        {cap === "" ? "no monthly cap" : `pauses at ${formatDollars(Number(cap))} a month`}
      </Text>
    </Card>
  );
}

function Chosen(props: { step: StepId; onStep: (step: StepId) => void; children: React.ReactNode }) {
  const title = stepTitles[props.step];
  return (
    <Card withBorder component="section" aria-label={title}>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h6">
          {title}
        </Title>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => props.onStep(props.step)}
          aria-label={`Change: ${title}`}
        >
          Change
        </Button>
      </Group>
      <Facts minWidth={150}>{props.children}</Facts>
    </Card>
  );
}

function IdentityFacts({
  values,
  credentials,
}: {
  values: IntegrationFormValues;
  credentials: Credential[];
}) {
  const credential = credentials.find(({ id }) => id === values.credentialId);
  return (
    <>
      {values.identity === "role" && <Fact label="Role">{values.roleArn}</Fact>}
      <Fact label={values.identity === "role" ? "Assumed by" : "Credential"}>
        {credential?.name ?? "the server's base credential"}
      </Fact>
      {credential?.identity && <Fact label="Account">{credential.identity.accountId}</Fact>}
    </>
  );
}

function CollectionFacts({ values }: { values: IntegrationFormValues }) {
  return (
    <>
      <Fact label="Regions">{values.regions.join(", ") || "the credential's region"}</Fact>
      <Fact label="Namespaces">{values.namespaces.join(", ") || "all"}</Fact>
      <Fact label="Every">{formatSeconds(Number(values.refreshMinutes) * 60)}</Fact>
      <Fact label="Resolution">{formatSeconds(values.periodSeconds)}</Fact>
      <Fact label="Statistics">
        {values.statistics.join(", ") || "Average, Maximum, Minimum, SampleCount, Sum"}
      </Fact>
      {values.accounts.length > 0 && (
        <Fact label="Further accounts">
          {values.accounts.length === 1 ? "1 role" : `${values.accounts.length} roles`}
        </Fact>
      )}
      {values.organization !== null && (
        <Fact label="Organization">role {values.organization.roleName} in each account</Fact>
      )}
      {values.includeLinkedAccounts && (
        <Fact label="Linked accounts">{values.owningAccounts.join(", ") || "all"}</Fact>
      )}
      {values.metricFilterRegex !== "" && <Fact label="Metric filter">{values.metricFilterRegex}</Fact>}
      {values.pointTagFilterRegex !== "" && (
        <Fact label="Point tag filter">{values.pointTagFilterRegex}</Fact>
      )}
    </>
  );
}
