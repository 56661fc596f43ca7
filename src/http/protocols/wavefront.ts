import type { AppError } from "../../base/index.ts";
import { errorCodes } from "../../contract/index.ts";
import type { Protocol } from "./protocol.ts";

/** The envelope of `/api/v2`, which the clients of VMware Tanzu Observability expect around everything. */
export const wavefront: Protocol = {
  name: "wavefront",
  writeResult: (response) => ({ status: { result: "OK", message: "", code: 200 }, response }),
  writeError: (error) => {
    const status = statusOf(error);
    return {
      status,
      body: { status: { result: "ERROR", message: messageOf(error, status), code: status } },
    };
  },
};

/** Their Go client repeats a request after 406 and after nothing else; none of their clients has ever been sent a 409. */
function statusOf({ code }: AppError): number {
  if (code === "rate_limited") return 406;
  const { status } = errorCodes[code];
  return status === 409 ? 400 : status;
}

/** The envelope has no place for field problems, so what the sentence does not say yet is added to it. */
function messageOf({ message, fields }: AppError, status: number): string {
  const unsaid = fields.filter((field) => !message.includes(field.message));
  const text = [message, ...unsaid.map((field) => `${field.path}: ${field.message}`)].join(" ");
  return status === 404 ? text : hide404(text);
}

/** The Terraform provider takes any error text that contains "404" for "not found" and forgets the resource. */
function hide404(text: string): string {
  return text.replaceAll("404", "40-4");
}
