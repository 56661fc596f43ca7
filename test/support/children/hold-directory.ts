import { AppError } from "../../../src/base/index.ts";
import { lockDataDirectory } from "../../../src/db/index.ts";

/** Takes the lock on a data directory, says so, and holds it until it is ended. */
export async function run([directory = "", platform]: string[]): Promise<void> {
  try {
    await lockDataDirectory(directory, platform ? { platform: platform as NodeJS.Platform } : {});
    console.log("locked");
    process.stdin.resume();
  } catch (error) {
    console.log(JSON.stringify({ code: (error as AppError).code, message: (error as AppError).message }));
    process.exitCode = error instanceof AppError ? 3 : 1;
  }
}
