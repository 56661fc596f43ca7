import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const executable = places.find((path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** For `test`'s `skip` option: the reason when there is no browser, else false. */
export const skipWithoutChromium: string | false = executable
  ? false
  : `no Chromium: none of ${places.join(", ")} can be run`;

export function launchChromium(): Promise<Browser> {
  // Tests often run as root, where the sandbox refuses to start; they open our own pages only.
  return chromium.launch({ executablePath: executable ?? "", args: ["--no-sandbox"] });
}
