import { z } from "zod";

/** Ids and names in paths; whether they mean anything is for the service to say. */
export const idParams = z.object({ id: z.string().max(1224) });
export const nameParams = z.object({ name: z.string().max(64) });

/** Answer of what has nothing to say. */
export const nothing = z.object({});

/** Runs to the end and answers with nothing. */
export async function done(work: Promise<void>): Promise<Record<string, never>> {
  await work;
  return {};
}
