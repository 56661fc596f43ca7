import { ActionIcon, Button, Group, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconHelpCircle, IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { patternCharactersMax, placeOfProblem } from "./pattern.ts";
import classes from "./pattern-field.module.css";
import { PatternHelp } from "./pattern-help.tsx";

interface PatternFieldProps {
  /** The pattern that was last searched for. */
  value: string;
  /** What the server said about it. */
  error: unknown;
  busy: boolean;
  onSearch: (pattern: string) => void;
}

/** Takes a pattern, and shows where it is wrong when it is. */
export function PatternField({ value, error, busy, onSearch }: PatternFieldProps) {
  const [text, setText] = useState(value);
  const [helpOpened, help] = useDisclosure(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setText(value), [value]);
  useHotkeys([["/", () => field.current?.focus()]]);
  const search = (pattern: string) => onSearch(pattern.trim());
  const problem = text.trim() === value ? problemOf(error) : undefined;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        search(text);
      }}
    >
      <Group gap={6} align="flex-end" wrap="nowrap">
        <TextInput
          ref={field}
          label="Filter pattern"
          placeholder='Everything. Try ERROR, "connection refused" or { $.status >= 500 }'
          value={text}
          maxLength={patternCharactersMax}
          onChange={(event) => setText(event.currentTarget.value)}
          error={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : "pattern-problem"}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          enterKeyHint="search"
          classNames={{ input: classes.input }}
          style={{ flex: 1, minWidth: 0 }}
          rightSectionWidth={text === "" ? 36 : 62}
          rightSection={
            <Group gap={2} wrap="nowrap">
              {text !== "" && (
                <Tooltip label="Clear" openDelay={300}>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="sm"
                    aria-label="Clear the pattern"
                    onClick={() => {
                      setText("");
                      search("");
                    }}
                  >
                    <IconX size={15} />
                  </ActionIcon>
                </Tooltip>
              )}
              <Tooltip label="Help" openDelay={300}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label="Help on filter patterns"
                  onClick={help.open}
                >
                  <IconHelpCircle size={17} />
                </ActionIcon>
              </Tooltip>
            </Group>
          }
        />
        <Button type="submit" leftSection={<IconSearch size={16} />} loading={busy} visibleFrom="xs">
          Search
        </Button>
      </Group>
      {problem !== undefined && <PatternProblem pattern={value} {...problem} />}
      <PatternHelp
        opened={helpOpened}
        onClose={help.close}
        onExample={(pattern) => {
          help.close();
          search(pattern);
        }}
      />
    </form>
  );
}

interface Problem {
  message: string;
  /** Of the first character that is wrong, from 0. */
  place: number | undefined;
}

function problemOf(error: unknown): Problem | undefined {
  if (!(error instanceof ApiError) || error.code !== "filter_pattern_invalid") return undefined;
  const told = error.fields.find((field) => field.path.startsWith("pattern"))?.message;
  return { message: told ?? error.message, place: placeOfProblem(error.fields) };
}

function PatternProblem({ pattern, message, place }: Problem & { pattern: string }) {
  return (
    <Stack gap={2} mt={6} id="pattern-problem" role="alert">
      <Text size="xs" c="red">
        {place !== undefined && `Character ${place + 1}: `}
        {message}
      </Text>
      {place !== undefined && (
        <pre className={classes.place} aria-hidden>
          {pattern.slice(0, place)}
          <span className={classes.wrong}>{pattern.slice(place, place + 1) || " "}</span>
          {pattern.slice(place + 1)}
        </pre>
      )}
    </Stack>
  );
}
