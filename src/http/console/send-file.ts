import type { FastifyReply, FastifyRequest } from "fastify";
import type { UiFile } from "./ui-files.ts";

export function sendFile(request: FastifyRequest, reply: FastifyReply, file: UiFile): FastifyReply {
  void reply.headers({
    "Cache-Control": file.immutable ? "public, max-age=31536000, immutable" : "no-cache",
    ETag: file.etag,
    Vary: "Accept-Encoding",
  });
  if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
  void reply.type(file.contentType);
  const acceptsGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  if (!file.gzipped || !acceptsGzip) return reply.send(file.body);
  return reply.header("Content-Encoding", "gzip").send(file.gzipped);
}
