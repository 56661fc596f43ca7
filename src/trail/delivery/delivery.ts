import { deliverableTrails } from "../trails-queries.ts";
import { type TurnDeps, takeTurn } from "./turn.ts";

/** Gives every trail a turn, one after the other. */
export async function deliverTrails(deps: TurnDeps): Promise<void> {
  for (const name of await deliverableTrails(deps.db.kysely, deps.clock.now())) {
    try {
      await takeTurn(deps, name);
    } catch (error) {
      deps.log.error("A turn of delivering a trail could not be recorded.", { trail: name, error });
    }
  }
}
