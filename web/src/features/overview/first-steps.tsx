import { Button, Card, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Overview } from "@nephoscope/contract";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCan } from "../../api/session.ts";
import classes from "./overview.module.css";

/** The way from an empty server to a chart. Only the next step has a filled button. */
export function FirstSteps({ overview }: { overview: Overview }) {
  const can = useCan();
  const done = [
    overview.credentials.total > 0,
    overview.integrations.total > 0,
    overview.metrics.series > 0,
  ] as const;
  const next = done.indexOf(false);
  return (
    <Card withBorder component="section" aria-label="First steps">
      <Title order={2} size="h5" mb={4}>
        Connect your AWS account
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        Three steps to the first chart.
      </Text>
      <ol className={classes.steps}>
        <Step
          number={1}
          done={done[0]}
          title="Add a credential"
          text="Access keys, a role with an external ID, or the server's own identity. The test tells what works."
        >
          <Button
            size="compact-sm"
            variant={next === 0 ? "filled" : "default"}
            disabled={!can("credentials:Create")}
            renderRoot={(root) => <Link to="/credentials" search={{ form: "add" }} {...root} />}
          >
            Add credential
          </Button>
        </Step>
        <Step
          number={2}
          done={done[1]}
          title="Add an integration"
          text="Choose regions and namespaces; metrics are then read on a schedule."
        >
          <Button
            size="compact-sm"
            variant={next === 1 ? "filled" : "default"}
            disabled={!can("integrations:Create")}
            renderRoot={(root) => <Link to="/integrations/add" {...root} />}
          >
            Add integration
          </Button>
        </Step>
        <Step
          number={3}
          done={done[2]}
          title="Look at metrics"
          text="The first points are here a minute after the integration is saved."
        >
          <Button
            size="compact-sm"
            variant={next === 2 ? "filled" : "default"}
            renderRoot={(root) => <Link to="/explore" {...root} />}
          >
            Open metrics
          </Button>
        </Step>
      </ol>
    </Card>
  );
}

interface StepProps {
  number: number;
  done: boolean;
  title: string;
  text: string;
  children: ReactNode;
}

function Step({ number, done, title, text, children }: StepProps) {
  return (
    <li className={classes.step}>
      <ThemeIcon
        variant={done ? "filled" : "light"}
        color={done ? "green" : undefined}
        radius="xl"
        size={28}
        aria-label={done ? "done" : `step ${number}`}
      >
        {done ? <IconCheck size={16} /> : <Text size="sm">{number}</Text>}
      </ThemeIcon>
      <Stack gap={6} align="flex-start">
        <div>
          <Text size="sm" fw={600}>
            {title}
          </Text>
          <Text size="sm" c="dimmed">
            {text}
          </Text>
        </div>
        {children}
      </Stack>
    </li>
  );
}
