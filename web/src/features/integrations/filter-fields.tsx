import { Button, Collapse, Stack, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { PairsEditor } from "../../ui/pairs-editor.tsx";
import type { IntegrationFormValues } from "./form-values.ts";

interface FieldsProps {
  form: UseFormReturnType<IntegrationFormValues>;
}

/** Which of the listed metrics are wanted, and which tags come along. */
export function FilterFields({ form }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Metric filter"
        description="Regular expression that metric names must match, such as aws\.ec2\..*"
        spellCheck={false}
        {...form.getInputProps("metricFilterRegex")}
      />
      <TextInput
        label="Point tag filter"
        description="Regular expression on keys of AWS resource tags: those that match come along with the points. Empty brings none."
        spellCheck={false}
        {...form.getInputProps("pointTagFilterRegex")}
      />
      <MoreFilters form={form} />
    </>
  );
}

function MoreFilters({ form }: FieldsProps) {
  const { values } = form;
  const used = [
    values.s3BucketNameFilterRegex,
    values.instanceSelectionTags,
    values.instanceSelectionTagsExpr,
    values.volumeSelectionTags,
    values.volumeSelectionTagsExpr,
  ].filter((filter) => filter.length > 0).length;
  const [opened, section] = useDisclosure(used > 0);
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<Chevron size={15} />}
        aria-expanded={opened}
        onClick={section.toggle}
      >
        Filters by tags and buckets
      </Button>
      <Text size="xs" c="dimmed" pl={8}>
        {used === 0 ? "None is set." : used === 1 ? "1 is set." : `${used} are set.`}
      </Text>
      <Collapse expanded={opened}>
        <Stack gap="md" pt="sm">
          <TagSelection
            form={form}
            of="instances"
            tags="instanceSelectionTags"
            expression="instanceSelectionTagsExpr"
          />
          <TagSelection
            form={form}
            of="volumes"
            tags="volumeSelectionTags"
            expression="volumeSelectionTagsExpr"
          />
          <TextInput
            label="Bucket filter"
            description="Regular expression that names of S3 buckets must match."
            spellCheck={false}
            {...form.getInputProps("s3BucketNameFilterRegex")}
          />
        </Stack>
      </Collapse>
    </div>
  );
}

interface TagSelectionProps extends FieldsProps {
  of: "instances" | "volumes";
  tags: "instanceSelectionTags" | "volumeSelectionTags";
  expression: "instanceSelectionTagsExpr" | "volumeSelectionTagsExpr";
}

/** EC2 metrics of those instances or volumes only that have one of some tags. */
function TagSelection({ form, of, tags, expression }: TagSelectionProps) {
  const pairs = form.getInputProps(tags);
  return (
    <Stack gap="xs">
      <PairsEditor
        label={`Tags of ${of}`}
        description={`Only metrics of ${of} that have any of these tags.`}
        value={pairs.value}
        onChange={pairs.onChange}
        addLabel="Add tag"
        error={pairs.error}
      />
      <TextInput
        label={`Tag expression of ${of}`}
        description="Such as env=prod, env=test: one key with several values. Any of them, or of the pairs above, is enough."
        spellCheck={false}
        {...form.getInputProps(expression)}
      />
    </Stack>
  );
}
