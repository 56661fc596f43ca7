import { Code, Drawer, Group, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import classes from "./pattern-help.module.css";

interface PatternHelpProps {
  opened: boolean;
  onClose: () => void;
  /** Takes an example over into the field. */
  onExample: (pattern: string) => void;
}

interface Section {
  title: string;
  text: string;
  examples: readonly [pattern: string, meaning: string][];
}

const sections: readonly Section[] = [
  {
    title: "Words",
    text: "Upper and lower case differ, and a word is found inside of longer ones. Anything but letters, digits and _ stands in quotes.",
    examples: [
      ["ERROR", "holds ERROR"],
      ["ERROR timeout", "holds both"],
      ["?ERROR ?WARN", "holds one of them"],
      ["ERROR -timeout", "holds ERROR, but not timeout"],
      ['"connection refused"', "holds exactly this"],
      ["%5[0-9]{2}%", "a regular expression between percent signs"],
    ],
  },
  {
    title: "JSON messages",
    text: "Properties start with $. Strings may hold * for anything. && binds more tightly than ||; parentheses group.",
    examples: [
      ['{ $.level = "error" }', "a property is this text"],
      ['{ $.path = "/api/*" }', "begins like this"],
      ["{ $.status >= 500 }", "numbers: = != < <= > >="],
      ['{ $.level = "error" && $.user.id = 42 }', "both, one of them further down"],
      ["{ $.items[0].ok IS FALSE }", "a place in a list; IS TRUE, IS FALSE, IS NULL"],
      ["{ $.traceId NOT EXISTS }", "without this property"],
      ["{ $.['http.method'] = \"GET\" }", "names with dots"],
      ['{ $.tags[*] = "blue" }', "any item of a list"],
      ["{ $.message = %time[ -]?out% }", "a regular expression; it knows no parentheses"],
    ],
  },
  {
    title: "Lines of fields",
    text: "For access logs and the like: names for the fields in order. Text in quotes or brackets is one field.",
    examples: [
      ["[ip, user, time, request, status = 5*, bytes]", "six fields, the fifth begins with 5"],
      ["[..., status >= 500, bytes > 1000]", "the last two of any number"],
      ['[ip, ..., request = "GET *" && request != "*health*", status, bytes]', "conditions on one field"],
    ],
  },
];

/** The filter language in examples that can be taken over. */
export function PatternHelp({ opened, onClose, onExample }: PatternHelpProps) {
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="md" title="Filter patterns">
      <Stack gap="lg">
        <Text size="sm" c="dimmed">
          The language of CloudWatch Logs: patterns that work there work here. Choose an example to try it.
        </Text>
        {sections.map((section) => (
          <Stack key={section.title} gap={6}>
            <Title order={3} size="h6">
              {section.title}
            </Title>
            <Text size="xs" c="dimmed">
              {section.text}
            </Text>
            {section.examples.map(([pattern, meaning]) => (
              <UnstyledButton key={pattern} className={classes.example} onClick={() => onExample(pattern)}>
                <Code className={classes.pattern}>{pattern}</Code>
                <Text size="xs" c="dimmed">
                  {meaning}
                </Text>
              </UnstyledButton>
            ))}
          </Stack>
        ))}
        <Group gap={4}>
          <Text size="xs" c="dimmed">
            At most 1,024 characters, two regular expressions and three wildcard selectors. An empty pattern
            matches everything.
          </Text>
        </Group>
      </Stack>
    </Drawer>
  );
}
