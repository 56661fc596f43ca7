import { AppShell, Box, Burger, Drawer, Group, NavLink, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconChartLine,
  IconChecklist,
  IconCloudDataConnection,
  IconCoin,
  IconFileText,
  IconGauge,
  IconHistory,
  IconKey,
} from "@tabler/icons-react";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { LogoMark } from "../ui/logo.tsx";
import { GearMenu, UserMenu } from "./menus.tsx";
import classes from "./shell.module.css";

const destinations = [
  { to: "/", label: "Overview", Icon: IconGauge },
  { to: "/credentials", label: "Credentials", Icon: IconKey },
  { to: "/integrations", label: "Integrations", Icon: IconCloudDataConnection },
  { to: "/explore", label: "Metrics", Icon: IconChartLine },
  { to: "/logs", label: "Logs", Icon: IconFileText },
  { to: "/data-quality", label: "Data quality", Icon: IconChecklist },
  { to: "/spending", label: "Spending", Icon: IconCoin },
  { to: "/audit", label: "Audit", Icon: IconHistory },
] as const;

const isCurrent = (to: string, path: string) => (to === "/" ? path === "/" : path.startsWith(to));

export function Shell() {
  const [drawerOpened, drawer] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes whenever the path changes.
  useEffect(() => drawer.close(), [path]);
  return (
    <AppShell header={{ height: 52 }} padding={{ base: "sm", sm: "lg" }}>
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px={{ base: "sm", sm: "lg" }} gap="xs" wrap="nowrap" justify="space-between">
          <Group gap="lg" wrap="nowrap" h="100%">
            <Group gap={6} wrap="nowrap">
              <Burger
                hiddenFrom="md"
                size="sm"
                opened={drawerOpened}
                onClick={drawer.toggle}
                aria-label="Open navigation"
              />
              <UnstyledButton renderRoot={(props) => <Link to="/" {...props} />} className={classes.brand}>
                <LogoMark />
                <Text fw={700} size="md" component="span">
                  Nephoscope
                </Text>
              </UnstyledButton>
            </Group>
            <Box component="nav" aria-label="Main" visibleFrom="md" h="100%">
              <Group gap={2} h="100%" wrap="nowrap">
                {destinations.map(({ to, label }) => (
                  <Link
                    key={to}
                    to={to}
                    className={classes.link}
                    data-current={isCurrent(to, path) || undefined}
                    aria-current={isCurrent(to, path) ? "page" : undefined}
                  >
                    {label}
                  </Link>
                ))}
              </Group>
            </Box>
          </Group>
          <Group gap={4} wrap="nowrap">
            <GearMenu />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <Drawer
        opened={drawerOpened}
        onClose={drawer.close}
        size={260}
        title={
          <Group gap={8}>
            <LogoMark />
            <Text fw={700}>Nephoscope</Text>
          </Group>
        }
      >
        <Stack gap={2} component="nav" aria-label="Main">
          {destinations.map(({ to, label, Icon }) => (
            <NavLink
              key={to}
              renderRoot={(props) => <Link to={to} {...props} />}
              label={label}
              leftSection={<Icon size={18} aria-hidden />}
              active={isCurrent(to, path)}
            />
          ))}
        </Stack>
      </Drawer>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
