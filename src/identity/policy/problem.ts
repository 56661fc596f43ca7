/** Why a text is no policy. The message is fit for the caller; `path` leads to the member at fault, as `Statement[1].Effect`. */
export class PolicyProblem extends Error {
  readonly path: string;

  constructor(message: string, path = "") {
    super(message);
    this.name = "PolicyProblem";
    this.path = path;
  }
}

/** AWS's words for whatever is not of the grammar, and then what is wrong. */
export function syntaxProblem(path: string, sentence: string): PolicyProblem {
  return new PolicyProblem(`Syntax errors in policy. ${sentence}`, path);
}
