import { PolicyProblem, syntaxProblem } from "./problem.ts";
import { parseTemplate } from "./template.ts";

/** The texts inside a statement: actions, resources and values of conditions. All throw PolicyProblem. */

export function checkAction(action: string, path: string): void {
  if (action === "*") return;
  const colon = action.indexOf(":");
  if (colon < 0) {
    throw new PolicyProblem(
      `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. The action ${action} is not.`,
      path,
    );
  }
  const vendor = action.slice(0, colon);
  if (!/^[A-Za-z0-9-]+$/.test(vendor)) throw new PolicyProblem(`Vendor ${vendor} is not valid`, path);
  if (!/^[A-Za-z0-9*?_-]+$/.test(action.slice(colon + 1))) {
    throw syntaxProblem(path, `${action} is no action: letters, digits, * and ? may follow the colon.`);
  }
}

/** `*` or an ARN. The last parts may be missing when the last one given ends in a star, which then stands for them. */
export function checkResource(resource: string, path: string, variables: boolean): void {
  if (variables) parseTemplate(resource, path);
  if (resource === "*") return;
  const [arn, partition = "", vendor = "", ...rest] = resource.split(":");
  if (arn !== "arn" || rest.length === 0) {
    throw new PolicyProblem(`Resource ${resource} must be in ARN format or "*".`, path);
  }
  if (!/^[a-z*?][a-z0-9*?-]*$/.test(partition)) {
    throw new PolicyProblem(`Partition "${partition}" is not valid for resource "${resource}".`, path);
  }
  if (!/^[A-Za-z0-9-]+$/.test(vendor)) {
    throw new PolicyProblem(
      `Resource vendor must be fully qualified and cannot contain regexes. ${resource} breaks this.`,
      path,
    );
  }
  if (rest.length < 3 && !resource.endsWith("*")) {
    throw new PolicyProblem(`Resource ${resource} must be in ARN format or "*".`, path);
  }
}

export function checkValue(value: string, path: string): void {
  parseTemplate(value, path);
}
