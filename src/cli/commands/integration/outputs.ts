import type { z } from "zod";
import { type OutputTarget, outputs, type outputsInput } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { findIntegrationId } from "../../find-integration.ts";
import { formatRelative } from "../../output/format.ts";
import { formatRecord } from "../../output/table.ts";
import { withoutAbsent } from "../../parse.ts";
import { readSecret } from "../../secret-input.ts";
import type { Terminal } from "../../terminal.ts";
import { defineVerb } from "../../verb.ts";

interface OutputOptions {
  openMetrics?: string;
  /** commander gives `false` for `--no-remote-write`. */
  remoteWrite?: string | false;
  otlp?: string | false;
  authorizationFile?: string;
  authorizationFromEnv?: string;
  sendChanges?: string;
}

export const showOutputs = defineVerb<OutputOptions>({
  name: "outputs",
  summary: "Show where the metrics of a cloud integration go besides the own store, or change it",
  configure: (command) =>
    command
      .argument("<integration>", "name or id")
      .option("--open-metrics <on|off>", "offer the newest points to scrapers")
      .option("--remote-write <url>", "send points by Prometheus remote write")
      .option("--no-remote-write", "stop that and forget the receiver")
      .option("--otlp <url>", "send points by OTLP, to a URL that ends in /v1/metrics")
      .option("--no-otlp", "stop that and forget the receiver")
      .option(
        "--authorization-file <path>",
        "file with the value of the header Authorization; - for standard input",
      )
      .option("--authorization-from-env <name>", "environment variable with that value")
      .option("--send-changes <on|off>", "send a point again when AWS has changed its value"),
  run: async (cli, [idOrName = ""], options) => {
    const id = await findIntegrationId(cli.api, idOrName);
    const path = `/api/v1/integrations/${encodeURIComponent(id)}/outputs`;
    const body = await buildInput(options, cli.terminal);
    const answer =
      Object.keys(body).length > 0
        ? await cli.api.put(path, outputs, { body })
        : await cli.api.get(path, outputs);
    const now = cli.terminal.clock.now();
    cli.out.show(answer, () =>
      [
        formatRecord([
          ["OpenMetrics", answer.openMetrics ? `${cli.serverUrl()}/metrics/integrations/${id}` : "off"],
          ["Labels", `${answer.naming.labels}${answer.naming.tags ? ", with tags" : ""}`],
        ]),
        describeTarget("Remote write", answer.remoteWrite, now),
        describeTarget("OTLP", answer.otlp, now),
      ].join("\n"),
    );
  },
});

type Input = z.input<typeof outputsInput>;

async function buildInput(options: OutputOptions, terminal: Terminal): Promise<Input> {
  const { remoteWrite, otlp } = options;
  const authorization = await readSecret(
    withoutAbsent({ file: options.authorizationFile, fromEnvironment: options.authorizationFromEnv }),
    terminal,
  );
  const receivers = [remoteWrite, otlp].filter((url) => typeof url === "string");
  const isForOne = authorization !== undefined || options.sendChanges !== undefined;
  if (isForOne && receivers.length !== 1) {
    throw usageError(
      "Authorization and changes are of one receiver: give --remote-write or --otlp with its URL.",
    );
  }
  const more = withoutAbsent({
    authorization,
    sendChanges: readSwitch("--send-changes", options.sendChanges),
  });
  const target = (url: string | false | undefined) =>
    url === undefined ? undefined : url === false ? null : { url, ...more };
  return withoutAbsent({
    openMetrics: readSwitch("--open-metrics", options.openMetrics),
    remoteWrite: target(remoteWrite),
    otlp: target(otlp),
  }) as Input;
}

function readSwitch(option: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value !== "on" && value !== "off") throw usageError(`${option} is on or off.`);
  return value === "on";
}

function describeTarget(name: string, target: OutputTarget | null, now: number): string {
  if (target === null) return formatRecord([[name, "none"]]);
  const { refused, rejected } = target.dropped;
  const secrets = [...(target.hasAuthorization ? ["Authorization"] : []), ...target.headerNames];
  return formatRecord([
    [name, target.url],
    ["Headers", secrets.join(" ")],
    ["State", target.state],
    ["Changes", target.sendChanges ? "sent again" : "not sent"],
    ["Sent", `${target.sentPoints} points, last ${formatRelative(target.lastSentAt, now)}`],
    ["Pending", `${target.pending} points`],
    ["Dropped", `${refused} refused, ${rejected} rejected`],
    ["Last error", target.lastError && `${target.lastError} (${formatRelative(target.lastErrorAt, now)})`],
    ["Next try", target.retryAt && formatRelative(target.retryAt, now)],
  ]);
}
