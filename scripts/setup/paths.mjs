import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A path inside the checkout. */
export function inRoot(/** @type {string} */ path) {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** Node 24 of the npm package `node`; everything but the launcher itself runs on it. */
export const nodeBinary = inRoot("node_modules/node/bin/node");

/** State of the launcher. It stands outside node_modules because `npm ci` deletes that folder. */
export const stateDirectory = inRoot(".setup");
