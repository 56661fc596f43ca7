import { Button, Group, MultiSelect, NumberInput, Select, Stack, TagsInput, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { regionGroups } from "../../ui/regions.ts";
import { AccountsFields } from "./accounts-fields.tsx";
import { FilterFields } from "./filter-fields.tsx";
import type { IntegrationFormValues } from "./form-values.ts";
import { commonNamespaces, commonStatistics, namespacePresets, periodChoices } from "./presets.ts";

/** What is collected, how finely, how often, and for how much at most. */
export function CollectionFields({ form }: { form: UseFormReturnType<IntegrationFormValues> }) {
  return (
    <Stack gap="md">
      <MultiSelect
        label="Regions"
        description="Empty: the credential's own region."
        placeholder={form.values.regions.length === 0 ? "The credential's region" : undefined}
        data={regionGroups}
        searchable
        clearable
        hidePickedOptions
        maxDropdownHeight={280}
        {...form.getInputProps("regions")}
      />
      <Namespaces form={form} />
      <Group grow align="flex-start" gap="sm">
        <NumberInput
          label="Collect every (min)"
          min={1}
          max={1440}
          allowDecimal={false}
          {...form.getInputProps("refreshMinutes")}
        />
        <Select
          label="Resolution"
          data={periodChoices}
          allowDeselect={false}
          value={String(form.values.periodSeconds)}
          onChange={(value) => form.setFieldValue("periodSeconds", Number(value))}
          error={form.errors.periodSeconds}
        />
      </Group>
      <TagsInput
        label="Statistics"
        description="Empty: Average, Maximum, Minimum, SampleCount and Sum. Up to five of one metric cost as much as one."
        placeholder={
          form.values.statistics.length === 0 ? "Average, Maximum, Minimum, SampleCount, Sum" : undefined
        }
        data={commonStatistics}
        clearable
        {...form.getInputProps("statistics")}
      />
      <FilterFields form={form} />
      <NumberInput
        label="Monthly cap"
        description="In US dollars. When this much may have been spent in a month, collection pauses until the next one. Empty: no cap."
        placeholder="No cap"
        prefix="$"
        min={0}
        decimalScale={2}
        thousandSeparator=","
        {...form.getInputProps("monthlyCapUsd")}
      />
      <AccountsFields form={form} />
    </Stack>
  );
}

function Namespaces({ form }: { form: UseFormReturnType<IntegrationFormValues> }) {
  const chosen = form.values.namespaces;
  const add = (namespaces: readonly string[]) =>
    form.setFieldValue("namespaces", [...new Set([...chosen, ...namespaces])]);
  return (
    <Stack gap={6}>
      <TagsInput
        label="Namespaces"
        description="Empty: everything CloudWatch lists. Each metric that is read costs money, so start with what you look at."
        placeholder={chosen.length === 0 ? "All namespaces" : undefined}
        data={commonNamespaces}
        clearable
        maxDropdownHeight={260}
        {...form.getInputProps("namespaces")}
      />
      <Group gap={6}>
        <Text size="xs" c="dimmed">
          Add:
        </Text>
        {namespacePresets.map((preset) => (
          <Button
            key={preset.label}
            size="compact-xs"
            variant="default"
            onClick={() => add(preset.namespaces)}
            title={preset.namespaces.join(", ")}
          >
            {preset.label}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
