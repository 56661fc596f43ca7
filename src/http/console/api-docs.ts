import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Random } from "../../base/index.ts";
import { sendPage } from "./pages.ts";
import { sendFile } from "./send-file.ts";
import { createUiFile, type UiFile } from "./ui-files.ts";

const swaggerUi = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const own = join(import.meta.dirname, "..", "assets");
const javascript = "text/javascript; charset=utf-8";

/** URL, file and type of everything the page loads; nothing comes from elsewhere. */
const assets = [
  ["/api-docs/swagger-ui.css", join(swaggerUi, "swagger-ui.css"), "text/css; charset=utf-8"],
  ["/api-docs/swagger-ui-bundle.js", join(swaggerUi, "swagger-ui-bundle.js"), javascript],
  ["/api-docs/api-docs.js", join(own, "api-docs.js"), javascript],
  ["/api-docs/api-docs.css", join(own, "api-docs.css"), "text/css; charset=utf-8"],
] as const;

/** The API documentation, where a signed-in user can try each call. */
export function addApiDocs(app: FastifyInstance, deps: { readonly random: Random }): void {
  const config = { open: "documentation" } as const;
  app.get("/api-docs", { config }, async (_request, reply) => {
    const html = await readFile(join(own, "api-docs.html"), "utf8");
    return sendPage(reply, html, deps.random);
  });
  for (const [url, path, contentType] of assets) {
    let file: Promise<UiFile> | undefined;
    app.get(url, { config }, async (request, reply) => {
      file ??= readFile(path).then((body) => createUiFile(body, contentType, false));
      return sendFile(request, reply, await file);
    });
  }
}
