import { credential } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { defineVerb } from "../../verb.ts";
import { describeCredential } from "./describe.ts";
import { addCredentialFields, buildCredentialFields, type CredentialFieldOptions } from "./fields.ts";

export const createCredential = defineVerb<CredentialFieldOptions>({
  name: "create",
  summary: "Store a credential; secrets come from a file, the environment or a prompt",
  configure: (command) =>
    addCredentialFields(command.requiredOption("--name <name>", "name, unique")).addHelpText(
      "after",
      "\nExample:\n  nepho credential create --name prod --method keys --region eu-west-1 \\\n    --access-key-id AKIA… --secret-from-env AWS_SECRET_ACCESS_KEY --role-arn arn:aws:iam::123456789012:role/NephoscopeRead",
    ),
  run: async (cli, _args, options) => {
    const method = options.method ?? (options.accessKeyId === undefined ? undefined : "keys");
    if (method === undefined)
      throw usageError("Give --method (default, profile, keys, instance or web-identity).");
    if (options.region === undefined) throw usageError("Give --region.");
    const body = await buildCredentialFields({ ...options, method }, cli.terminal, method === "keys");
    const created = await cli.api.post("/api/v1/credentials", credential, { body });
    cli.out.show(created, () => `Created.\n\n${describeCredential(created, cli.terminal.clock.now())}`);
    cli.out.say(`\nTest it with: nepho credential test ${created.id}`);
  },
});
