import { ActionIcon, Box, Group, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import classes from "./code-block.module.css";
import { CopyIcon } from "./copy.tsx";
import { downloadText } from "./download.ts";

interface CodeBlockProps {
  text: string;
  /** What the text is, as in “Copy trust policy”. */
  what: string;
  /** With a file name the text can be downloaded. */
  fileName?: string;
  maxHeight?: number;
  /** Breaks long lines instead of scrolling. */
  wrap?: boolean;
}

export function CodeBlock({ text, what, fileName, maxHeight = 340, wrap = false }: CodeBlockProps) {
  return (
    <Box className={classes.root}>
      <Group gap={4} className={classes.actions}>
        <CopyIcon value={text} what={what} />
        {fileName !== undefined && (
          <Tooltip label={`Download ${fileName}`} openDelay={300}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Download ${what} as ${fileName}`}
              onClick={() => downloadText(fileName, text)}
            >
              <IconDownload size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      <pre className={classes.pre} data-wrap={wrap || undefined} style={{ maxHeight }} tabIndex={0}>
        {text}
      </pre>
    </Box>
  );
}
