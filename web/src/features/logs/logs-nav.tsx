import { Link, useRouterState } from "@tanstack/react-router";
import classes from "./logs-nav.module.css";

const places = [
  { to: "/logs", label: "Explorer" },
  { to: "/logs/groups", label: "Log groups" },
  { to: "/logs/keys", label: "API keys" },
] as const;

/** The pages about logs, one beside the other. A group belongs to the list of groups. */
export function LogsNav() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <nav className={classes.nav} aria-label="Logs">
      {places.map(({ to, label }) => {
        const current = path === to || (to === "/logs/groups" && path === "/logs/group");
        return (
          <Link
            key={to}
            to={to}
            className={classes.link}
            data-current={current || undefined}
            aria-current={current ? "page" : undefined}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
