import { vaultStatus } from "../../../contract/index.ts";
import { defineVerb } from "../../verb.ts";
import { describeVault } from "./describe.ts";

export const showVault = defineVerb({
  name: "status",
  summary: "Master keys, data keys and the state of the rotation",
  run: async (cli) => {
    cli.out.show(await cli.api.get("/api/v1/vault", vaultStatus), describeVault);
  },
});
