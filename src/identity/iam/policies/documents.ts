import type { PolicyDocument } from "../../policy/document.ts";
import { parsePolicyDocument } from "../../policy/parse-document.ts";
import { PolicyProblem } from "../../policy/problem.ts";
import { check, lengthOf } from "../checks.ts";
import { iamErrors } from "../errors.ts";
import { quotas } from "../quotas.ts";
import { policyErrors } from "./errors.ts";

/** Throws ValidationError and MalformedPolicyDocument. */
export function readDocument(text: string, name = "policyDocument"): PolicyDocument {
  check(lengthOf(name, text, 1, 131_072));
  if (!/^[\t\n\r\x20-\xFF]*$/.test(text)) {
    throw iamErrors.validation(
      `The specified value for ${name} is invalid. It must contain only printable ASCII characters.`,
    );
  }
  try {
    return parsePolicyDocument(text);
  } catch (error) {
    throw error instanceof PolicyProblem ? policyErrors.malformed(error.message) : error;
  }
}

/** The document of a managed policy. Throws LimitExceeded too. */
export function checkManagedDocument(text: string): void {
  readDocument(text);
  if (sizeOf(text) > quotas.policySize) throw iamErrors.quotaExceeded("PolicySize", quotas.policySize);
}

/** AWS does not count white space, so that nobody has to squeeze a policy. */
export function sizeOf(text: string): number {
  return text.replace(/\s/g, "").length;
}

/** As documents stand in answers: percent-encoded after RFC 3986, which escapes more than JavaScript does. */
export function encodeDocument(text: string): string {
  const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, hex);
}
