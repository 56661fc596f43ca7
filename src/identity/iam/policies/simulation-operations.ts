import type {
  EvaluationResult,
  SimulateCustomPolicyRequest,
  SimulatePrincipalPolicyRequest,
} from "@aws-sdk/client-iam";
import type { AwsCall, Principal } from "../../../contract/index.ts";
import { ProtocolError } from "../../../protocols/index.ts";
import type { Directory, DirectoryUser } from "../../directory/build-directory.ts";
import { compilePolicy } from "../../policy/compile.ts";
import { contextKeysOf } from "../../policy/context-keys.ts";
import { requestOf } from "../../policy/require-access.ts";
import { principalOfUser } from "../../principals.ts";
import { check, lengthOf } from "../checks.ts";
import { type Operations, operation } from "../deps.ts";
import { iamErrors } from "../errors.ts";
import { pageThrough } from "../paging.ts";
import type { PolicyDeps } from "./deps.ts";
import { readDocument } from "./documents.ts";
import { createPace } from "./pace.ts";
import { readContextEntries, type SimulatedPolicy, simulate } from "./simulate.ts";

export function createSimulationOperations(deps: PolicyDeps): Operations {
  const { directory } = deps;
  const onSource =
    (action: string) =>
    ({ PolicySourceArn = "" }: { readonly PolicySourceArn?: string | undefined }) => [
      { action, resource: PolicySourceArn },
    ];
  return {
    SimulatePrincipalPolicy: operation({
      readOnly: true,
      audit: "management",
      access: onSource("iam:SimulatePrincipalPolicy"),
      handle: async (input: SimulatePrincipalPolicyRequest, call) => {
        const held = await directory.current();
        const user = requireSource(held, input.PolicySourceArn ?? "");
        const caller = input.CallerArn === undefined ? user : requireSource(held, input.CallerArn);
        return evaluate(deps, call, input, {
          policies: [...policiesOf(user), ...readList(input.PolicyInputList, "PolicyInputList")],
          caller,
        });
      },
    }),
    SimulateCustomPolicy: operation({
      readOnly: true,
      audit: "management",
      access: () => [{ action: "iam:SimulateCustomPolicy", resource: "*" }],
      handle: async (input: SimulateCustomPolicyRequest, call) =>
        evaluate(deps, call, input, {
          policies: readList(input.PolicyInputList, "PolicyInputList"),
          caller:
            input.CallerArn === undefined
              ? undefined
              : (await directory.current()).userByArn(input.CallerArn),
        }),
    }),
    GetContextKeysForCustomPolicy: operation({
      readOnly: true,
      audit: "management",
      access: () => [{ action: "iam:GetContextKeysForCustomPolicy", resource: "*" }],
      handle: ({ PolicyInputList }: { readonly PolicyInputList?: string[] | undefined }) => ({
        ContextKeyNames: keysOf(readList(PolicyInputList, "PolicyInputList")),
      }),
    }),
    GetContextKeysForPrincipalPolicy: operation({
      readOnly: true,
      audit: "management",
      access: onSource("iam:GetContextKeysForPrincipalPolicy"),
      handle: async (input: Pick<SimulatePrincipalPolicyRequest, "PolicySourceArn" | "PolicyInputList">) => {
        const user = requireSource(await directory.current(), input.PolicySourceArn ?? "");
        const policies = [...policiesOf(user), ...readList(input.PolicyInputList, "PolicyInputList")];
        return { ContextKeyNames: keysOf(policies) };
      },
    }),
  };
}

/** What both simulators take alike. */
type Simulated = Omit<SimulateCustomPolicyRequest, "PolicyInputList">;

interface Subject {
  readonly policies: readonly SimulatedPolicy[];
  /** Whose condition keys a request has; those that the input gives come first. */
  readonly caller: DirectoryUser | undefined;
}

/** One result for each action on each resource. Only those of the asked page are worked out: a call may name thousands of both. */
async function evaluate(deps: PolicyDeps, call: AwsCall, input: Simulated, subject: Subject) {
  const { ActionNames: actions = [], ResourceArns } = input;
  const resources = ResourceArns && ResourceArns.length > 0 ? ResourceArns : ["*"];
  checkInput(input, actions, resources);
  const boundary = input.PermissionsBoundaryPolicyInputList;
  const simulation = {
    policies: subject.policies,
    boundary: boundary && readList(boundary, "PermissionsBoundaryPolicyInputList"),
  };
  const given = readContextEntries(input.ContextEntries);
  const pairs = actions.flatMap((action) => resources.map((resource) => ({ action, resource })));
  const { items, ...paging } = pageThrough(
    pairs.map((pair, index) => ({ ...pair, index })),
    ({ index }) => String(index).padStart(8, "0"),
    input,
  );
  const pace = createPace(deps.clock, simulation, [...resources, ...[...given.values()].flat().map(String)]);
  pace.refuseTooMuch(items.length);
  const EvaluationResults: EvaluationResult[] = [];
  for (const { action, resource } of items) {
    const context = contextOf(deps, call, subject.caller, given);
    EvaluationResults.push(simulate(simulation, { action, resource, context }));
    await pace.rest();
  }
  return { EvaluationResults, ...paging };
}

/** Bounds the list of pairs, of which an index each is kept. */
const pairsMax = 100_000;

function checkInput(input: Simulated, actions: readonly string[], resources: readonly string[]): void {
  check(
    lengthOf("callerArn", input.CallerArn, 1, 2048),
    lengthOf("resourceOwner", input.ResourceOwner, 1, 2048),
    lengthOf("resourceHandlingOption", input.ResourceHandlingOption, 1, 64),
  );
  for (const [index, action] of actions.entries()) {
    check(lengthOf(`actionNames.${index + 1}.member`, action, 3, 128));
    if (!/^[\w-]+:\w+$/.test(action)) throw iamErrors.invalidInput(`Invalid action name: ${action}`);
  }
  for (const [index, resource] of resources.entries()) {
    check(lengthOf(`resourceArns.${index + 1}.member`, resource, 1, 2048));
  }
  if (actions.length * resources.length > pairsMax) {
    throw iamErrors.invalidInput(`At most ${pairsMax} pairs of an action and a resource can be simulated.`);
  }
  if (input.ResourcePolicy !== undefined) {
    throw iamErrors.invalidInput(
      "ResourcePolicy is not supported: resources have no policies of their own here.",
    );
  }
}

function contextOf(
  { clock, accountId }: PolicyDeps,
  { region }: AwsCall,
  caller: DirectoryUser | undefined,
  given: ReturnType<typeof readContextEntries>,
) {
  const facts = { nowMs: clock.now(), region };
  const principal = caller && principalOf(caller, accountId);
  const tags = Object.entries(caller?.tags ?? {}).map(
    ([key, value]) => [`aws:PrincipalTag/${key}`, value] as const,
  );
  const known = requestOf(
    principal,
    { action: "", resource: "*", context: Object.fromEntries(tags) },
    facts,
  ).context;
  return { get: (key: string) => given.get(key) ?? known.get(key) };
}

function principalOf(user: DirectoryUser, accountId: string): Principal {
  return principalOfUser(accountId, user, { kind: "sigv4", id: "simulation" });
}

/** Attached policies go by their names, inline ones by `user_<user>_<policy>`, as on AWS. */
function policiesOf({ name, policies }: DirectoryUser): readonly SimulatedPolicy[] {
  return policies.map((compiled) => ({
    compiled,
    sourceId: compiled.arn === undefined ? `user_${name}_${compiled.name}` : compiled.name,
  }));
}

function readList(texts: readonly string[] | undefined, list: string): readonly SimulatedPolicy[] {
  return (texts ?? []).map((text, index) => {
    const sourceId = `${list}.${index + 1}`;
    const member = `${sourceId.charAt(0).toLowerCase()}${sourceId.slice(1)}.member`;
    const document = readInput(text, sourceId, member);
    return { sourceId, compiled: compilePolicy({ name: sourceId, document }) };
  });
}

/** Here a document that breaks the grammar is a bad input like any other. */
function readInput(text: string, name: string, member: string) {
  try {
    return readDocument(text, member);
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== "MalformedPolicyDocument") throw error;
    throw iamErrors.invalidInput(`${name}: ${error.message}`);
  }
}

function keysOf(policies: readonly SimulatedPolicy[]): string[] {
  return contextKeysOf(policies.map(({ compiled }) => compiled));
}

/** Only users have policies here. */
function requireSource(held: Directory, arn: string): DirectoryUser {
  check(lengthOf("policySourceArn", arn, 20, 2048));
  if (!/^arn:aws:iam::\d{12}:user\/./.test(arn)) {
    throw iamErrors.invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  }
  const user = held.userByArn(arn);
  if (!user) throw iamErrors.noSuchUser(arn.slice(arn.lastIndexOf("/") + 1));
  return user;
}
