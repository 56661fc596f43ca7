import { PolicyProblem, syntaxProblem } from "./problem.ts";
import { parseTemplate } from "./template.ts";

/** The texts inside a statement that name what it is about. All throw PolicyProblem. */

export function checkAction(action: string, path: string): void {
  if (action === "*") return;
  const [vendor = "", name, ...rest] = action.split(":");
  if (name === undefined) {
    throw new PolicyProblem(
      `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. The action ${action} is not.`,
      path,
    );
  }
  if (rest.length > 0) {
    throw new PolicyProblem(`Actions/Condition can contain only one colon. ${action} has more.`, path);
  }
  if (!/^[A-Za-z0-9-]+$/.test(vendor)) throw new PolicyProblem(`Vendor ${vendor} is not valid`, path);
  if (!/^[A-Za-z0-9*?_-]+$/.test(name)) {
    throw syntaxProblem(path, `${action} is no action: letters, digits, * and ? may follow the colon.`);
  }
}

/** `*` or an ARN. The last parts may be missing when the last one given ends in a star, which then stands for them. */
export function checkResource(resource: string, path: string, variables: boolean): void {
  if (variables) parseTemplate(resource, path);
  if (resource === "*") return;
  const problem = findProblemOfArn(resource);
  if (problem !== undefined) throw new PolicyProblem(problem, path);
}

function findProblemOfArn(resource: string): string | undefined {
  const [arn, partition = "", vendor = "", ...rest] = resource.split(":");
  const isWhole = rest.length >= 3 || (rest.length > 0 && resource.endsWith("*"));
  if (arn !== "arn" || !isWhole) return `Resource ${resource} must be in ARN format or "*".`;
  if (!/^[a-z*?][a-z0-9*?-]*$/.test(partition)) {
    return `Partition "${partition}" is not valid for resource "${resource}".`;
  }
  if (!/^[A-Za-z0-9-]+$/.test(vendor)) {
    return `Resource vendor must be fully qualified and cannot contain regexes. ${resource} breaks this.`;
  }
  return vendor === "iam" ? findProblemOfIamArn(resource, rest) : undefined;
}

const iamPaths = [
  "user/",
  "federated-user/",
  "role/",
  "group/",
  "instance-profile/",
  "mfa/",
  "server-certificate/",
  "policy/",
  "sms-mfa/",
  "saml-provider/",
  "oidc-provider/",
  "report/",
  "access-report/",
];

/** A statement on what looks like a user, but is none, would never cover anything. */
function findProblemOfIamArn(
  resource: string,
  [region = "", , ...rest]: readonly string[],
): string | undefined {
  if (rest.length === 0) return undefined;
  if (region !== "" && region !== "*") return `IAM resource ${resource} cannot contain region information.`;
  const path = rest.join(":");
  if (path === "*" || iamPaths.some((start) => path.startsWith(start))) return undefined;
  return `IAM resource path must either be "*" or start with ${iamPaths.join(", ")}.`;
}
