import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

interface PageProps {
  title: string;
  /** Shown in the heading instead of the plain title. */
  heading?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** Charts use the whole window; everything else stops where lines get too long. */
  width?: "narrow" | "wide" | "full";
  children: ReactNode;
}

const maxWidths = { narrow: 880, wide: 1440, full: undefined };

export function Page({ title, heading, description, actions, width = "wide", children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Nephoscope`;
  }, [title]);
  return (
    <Box maw={maxWidths[width]} mx="auto" w="100%">
      <Group justify="space-between" align="flex-start" mb="md" gap="sm">
        <Stack gap={2} miw={0} style={{ flex: "1 1 240px" }}>
          <Title order={1} size="h3">
            {heading ?? title}
          </Title>
          {description !== undefined && (
            <Text size="sm" c="dimmed" component="div">
              {description}
            </Text>
          )}
        </Stack>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}
