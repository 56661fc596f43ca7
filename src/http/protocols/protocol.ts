import type { AppError } from "../../base/index.ts";

/** How one family of paths speaks JSON: what surrounds a result, and how an error looks. */
export interface Protocol {
  readonly name: "rest" | "wavefront";
  writeResult(result: unknown): unknown;
  writeError(error: AppError, requestId: string): { status: number; body: unknown };
}
