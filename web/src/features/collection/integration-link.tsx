import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";

/** An integration's name, which leads to what is said about its data. */
export function IntegrationLink({ id, name }: { id: string; name: string }) {
  return (
    <Anchor
      size="sm"
      fw={600}
      truncate
      display="block"
      maw={260}
      title={name}
      renderRoot={(root) => (
        <Link to="/integrations/$id" params={{ id }} search={{ tab: "quality" }} {...root} />
      )}
    >
      {name}
    </Anchor>
  );
}
