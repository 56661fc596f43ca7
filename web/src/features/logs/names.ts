/** What is wrong with a name, in the words of the contract, before anything is sent. */

export function groupNameProblem(name: string): string | null {
  if (name === "") return "A name is needed.";
  if (name.length > 512) return "At most 512 characters.";
  if (!/^[.\-_/#A-Za-z0-9]+$/.test(name)) return "Letters, digits and . - _ / # only.";
  return name.startsWith("aws/") ? "Names that start with aws/ are kept for AWS." : null;
}

export function streamNameProblem(name: string): string | null {
  if (name === "") return "A name is needed.";
  if (name.length > 512) return "At most 512 characters.";
  return /^[^:*]+$/.test(name) ? null : "The characters : and * are not allowed.";
}
