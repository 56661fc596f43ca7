import type { ProxySource } from "./source.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy for a request to `host`, or undefined to go straight. User and password are part of the URL. */
export function proxyFor(
  proxy: ProxySource,
  target: { protocol: string; host: string; port?: number | undefined },
  environment: Environment,
): URL | undefined {
  if (proxy.type === "none") return undefined;
  if (proxy.type === "environment") return environmentProxy(target, environment);
  if (proxy.url === undefined) return undefined;
  const url = new URL(proxy.url);
  if (proxy.username !== undefined && proxy.password !== undefined) {
    url.username = encodeURIComponent(proxy.username);
    url.password = encodeURIComponent(proxy.password.reveal());
  }
  return url;
}

function environmentProxy(
  target: { protocol: string; host: string; port?: number | undefined },
  environment: Environment,
): URL | undefined {
  if (isExempt(target, environment.NO_PROXY ?? environment.no_proxy ?? "")) return undefined;
  const secure = target.protocol === "https:";
  // HTTP_PROXY in capitals can come from a request header under CGI; a server like ours never runs so.
  const text = secure
    ? (environment.HTTPS_PROXY ?? environment.https_proxy)
    : (environment.HTTP_PROXY ?? environment.http_proxy);
  if (!text) return undefined;
  const withScheme = text.includes("://") ? text : `http://${text}`;
  return URL.canParse(withScheme) ? new URL(withScheme) : undefined;
}

/** NO_PROXY: names, `.suffix`, `*.suffix`, `host:port`, or `*` for all. */
function isExempt(target: { host: string; port?: number | undefined }, list: string): boolean {
  const host = target.host.toLowerCase();
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [name = "", port] = entry.toLowerCase().split(":");
      if (port !== undefined && Number(port) !== target.port) return false;
      const suffix = name.replace(/^\*/, "").replace(/^\.?/, ".");
      return host === suffix.slice(1) || host.endsWith(suffix);
    });
}
