import {
  ActionIcon,
  Avatar,
  Box,
  Group,
  type MantineColorScheme,
  Menu,
  Text,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconApi,
  IconChevronDown,
  IconDeviceDesktop,
  IconKey,
  IconLock,
  IconLogout,
  IconMoon,
  IconSettings,
  IconShieldCog,
  IconSun,
  IconTicket,
  IconUsers,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { sessionQuery, signOut, useCan } from "../api/session.ts";
import { notifyFailure } from "../ui/notify.ts";

/** Loaded when it is first opened: it brings the schemas of the contract along. */
const ChangePasswordModal = lazy(async () => ({
  default: (await import("../features/sign-in/change-password-modal.tsx")).ChangePasswordModal,
}));

const schemes = [
  { value: "auto", label: "Follow the system", Icon: IconDeviceDesktop },
  { value: "light", label: "Light", Icon: IconSun },
  { value: "dark", label: "Dark", Icon: IconMoon },
] as const;

export function GearMenu() {
  const can = useCan();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu width={220}>
      <Menu.Target>
        <Tooltip label="Settings and API" openDelay={400}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Settings and API">
            <IconSettings size={19} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href="/api-docs" leftSection={<IconApi size={16} />}>
          API Documentation
        </Menu.Item>
        <Menu.Item
          renderRoot={(props) => <Link to="/tokens" {...props} />}
          leftSection={<IconTicket size={16} />}
        >
          REST tokens
        </Menu.Item>
        {can("iam:ListServiceSpecificCredentials") && (
          <Menu.Item
            renderRoot={(props) => <Link to="/logs/keys" {...props} />}
            leftSection={<IconKey size={16} />}
          >
            API keys
          </Menu.Item>
        )}
        {can("iam:ListUsers") && (
          <Menu.Item
            renderRoot={(props) => <Link to="/users" {...props} />}
            leftSection={<IconUsers size={16} />}
          >
            Users
          </Menu.Item>
        )}
        {can("settings:Get") && (
          <Menu.Item
            renderRoot={(props) => <Link to="/settings" {...props} />}
            leftSection={<IconShieldCog size={16} />}
          >
            Settings
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
        >
          {schemes.map(({ value, label, Icon }) => (
            <Menu.RadioItem key={value} value={value} rightSection={<Icon size={16} aria-hidden />}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

export function UserMenu() {
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const [passwordOpened, password] = useDisclosure(false);
  const [passwordWanted, setPasswordWanted] = useState(false);
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      queryClient.clear();
      // A fresh page forgets everything, the router's state included.
      window.location.assign("/");
    },
    onError: (error) => notifyFailure("Could not sign out", error),
  });
  if (!session) return null;
  return (
    <>
      <Menu width={240}>
        <Menu.Target>
          <UnstyledButton aria-label={`Account of ${session.user}`} px={4} py={4}>
            <Group gap={6} wrap="nowrap">
              <Avatar size={28} color="sky" radius="xl" name={session.user} alt="" />
              <Text size="sm" visibleFrom="lg" truncate maw={140}>
                {session.user}
              </Text>
              <IconChevronDown size={14} aria-hidden />
            </Group>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Box px="sm" py={6}>
            <Text size="sm" fw={600} truncate>
              {session.user}
            </Text>
            <Text size="xs" c="dimmed">
              {session.policies.join(", ")}
            </Text>
            <Text size="xs" c="dimmed">
              Account {session.accountId}
            </Text>
          </Box>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconLock size={16} />}
            onClick={() => {
              setPasswordWanted(true);
              password.open();
            }}
          >
            Change password
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leaving.mutate()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {passwordWanted && (
        <Suspense fallback={null}>
          <ChangePasswordModal opened={passwordOpened} onClose={password.close} />
        </Suspense>
      )}
    </>
  );
}
