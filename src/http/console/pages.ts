import type { FastifyInstance, FastifyReply } from "fastify";
import type { Random } from "../../base/index.ts";
import { type PathTable, unroutedError } from "../server/method-check.ts";
import { pathOf } from "../server/request-state.ts";
import { pagePolicy } from "../server/security-headers.ts";
import { sendFile } from "./send-file.ts";
import type { UiFile } from "./ui-files.ts";

const missingUi = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Nephoscope</title>
<h1>The web UI is not built</h1>
<p>Run <code>npm start</code>, which builds it, or build it alone with
<code>npm run build --workspace web</code>; then reload this page.</p>
<p>The API works: see <a href="/api-docs">its documentation</a>.</p>
</html>
`;

/**
 * The console's pages: files of the build, and `index.html` for every other address that a browser navigates to,
 * because the UI has its own router. `readFiles` is asked again while there is no build, so that none needs a restart.
 */
export function addPages(
  app: FastifyInstance,
  deps: {
    readonly readFiles: () => Promise<ReadonlyMap<string, UiFile>>;
    readonly paths: PathTable;
    readonly random: Random;
  },
): void {
  let files: ReadonlyMap<string, UiFile> = new Map();
  const load = async () => {
    if (files.size === 0) files = await deps.readFiles();
    return files;
  };
  app.get("/*", { config: { open: "page" } }, async (request, reply) => {
    const path = pathOf(request);
    const file = path === "/index.html" ? undefined : (await load()).get(path);
    if (file) return sendFile(request, reply, file);
    // "/" is nothing but the UI, so it answers whoever looks whether the console is there, curl included.
    const navigates = path === "/" || /\btext\/html\b/.test(request.headers.accept ?? "");
    if (!navigates || isApiPath(path)) throw unroutedError(deps.paths, request.method, path);
    return sendPage(
      reply,
      (await load()).get("/index.html")?.body.toString("utf8") ?? missingUi,
      deps.random,
    );
  });
}

function isApiPath(path: string): boolean {
  return path === "/api" || path.startsWith("/api/");
}

/** A fresh nonce per answer; the page hands it to the UI library, which writes a style sheet with it. */
export function sendPage(reply: FastifyReply, html: string, random: Random): FastifyReply {
  const nonce = random.bytes(16).toString("base64url");
  return reply
    .header("Content-Security-Policy", pagePolicy(nonce))
    .type("text/html; charset=utf-8")
    .send(html.replaceAll("__CSP_NONCE__", nonce));
}
