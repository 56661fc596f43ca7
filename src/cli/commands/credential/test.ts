import { connectionTestResult } from "../../../contract/index.ts";
import { exitCodes } from "../../cli-error.ts";
import { findCredential } from "../../find-credential.ts";
import { escapeText } from "../../output/escape.ts";
import { collect, defineVerb } from "../../verb.ts";

const marks = { ok: "✓", warning: "!", failed: "✗", skipped: "·" } as const;

export const testCredential = defineVerb<{ service?: string[]; externalIdCheck: boolean }>({
  name: "test",
  summary: "Test the connection step by step; exit code 1 when it fails",
  configure: (command) =>
    command
      .argument("<credential>", "name or id")
      .option(
        "--service <name>",
        "service to probe (monitoring); repeatable; ce costs money per call",
        collect,
      )
      .option("--no-external-id-check", "do not try the roles without and with a wrong external ID"),
  run: async (cli, [idOrName = ""], { service, externalIdCheck }) => {
    const { id } = await findCredential(cli.api, idOrName);
    const body = {
      ...(service === undefined ? {} : { services: service }),
      checkExternalId: externalIdCheck,
    };
    const result = await cli.api.post(`/api/v1/credentials/${id}/test`, connectionTestResult, { body });
    cli.out.show(result, () => {
      const steps = result.steps.map((step) => {
        const place = [step.region, step.endpointHost].filter(Boolean).join(", ");
        const codes = [step.cause, step.rawCode].filter(Boolean).join(" ");
        const line = `${marks[step.outcome]} ${step.title}${place === "" ? "" : ` (${place})`}: ${step.message}${codes === "" ? "" : ` [${codes}]`}`;
        return [line, ...step.advice.map((advice) => `    → ${advice}`)]
          .map((text) => `${escapeText(text)}\n`)
          .join("");
      });
      const identity = result.identity === null ? "" : `Identity: ${escapeText(result.identity.arn)}\n`;
      const clock = result.clockOffsetMs === null ? "" : `Clock: ${describeOffset(result.clockOffsetMs)}\n`;
      return `${steps.join("")}\n${identity}${clock}Result: ${result.overall}, ${(result.tookMs / 1000).toFixed(1)} s\n`;
    });
    return result.overall === "failed" ? exitCodes.failed : exitCodes.ok;
  },
});

function describeOffset(offsetMs: number): string {
  // The Date header counts whole seconds.
  if (Math.abs(offsetMs) < 1000) return "the server and AWS agree";
  const seconds = (Math.abs(offsetMs) / 1000).toFixed(0);
  return `the server is ${seconds} s ${offsetMs > 0 ? "behind" : "ahead of"} AWS`;
}
