import { ProtocolError } from "../../src/protocols/index.ts";
import { type Organization, type OrganizationMember, organizationRootId } from "../organization.ts";
import { paginate } from "./paging.ts";
import { accountOf, type CallContext, handler, type SimulatedService } from "./service.ts";

interface PageInput {
  readonly NextToken?: string;
  readonly MaxResults?: number;
}
interface ParentInput extends PageInput {
  readonly ParentId: string;
}

const pageSizeMax = 20;

export const organizations: SimulatedService = {
  handlers: {
    ListAccounts: handler<PageInput, object>((input, context) =>
      accountsPage(organizationOf(context).members, "all", input),
    ),

    ListAccountsForParent: handler<ParentInput, object>((input, context) => {
      const organization = organizationOf(context);
      checkParent(organization, input.ParentId);
      const inside = organization.members.filter(({ parentId }) => parentId === input.ParentId);
      return accountsPage(inside, input.ParentId, input);
    }),

    ListOrganizationalUnitsForParent: handler<ParentInput, object>((input, context) => {
      const { managementAccountId, units } = checkParent(organizationOf(context), input.ParentId);
      const inside = units.filter(({ parentId }) => parentId === input.ParentId);
      const { items, nextToken } = pageOf(inside, `units/${input.ParentId}`, input);
      const arn = (id: string) => `arn:aws:organizations::${managementAccountId}:ou/o-simulated1/${id}`;
      return {
        OrganizationalUnits: items.map(({ id, name }) => ({ Id: id, Arn: arn(id), Name: name })),
        NextToken: nextToken,
      };
    }),
  },
};

/** Only the management account may ask; the simulator delegates to nobody. */
function organizationOf(context: CallContext): Organization {
  const { organization } = context.accounts;
  const accountId = accountOf(context);
  if (!organization?.members.some((member) => member.accountId === accountId))
    throw new ProtocolError(
      "AWSOrganizationsNotInUseException",
      "Your account is not a member of an organization.",
    );
  if (organization.managementAccountId !== accountId)
    throw new ProtocolError("AccessDeniedException", "You don't have permissions to access this resource.");
  return organization;
}

function checkParent(organization: Organization, id: string): Organization {
  if (id === organizationRootId || organization.units.some((unit) => unit.id === id)) return organization;
  throw new ProtocolError("ParentNotFoundException", "You specified parent that doesn't exist.");
}

function accountsPage(members: readonly OrganizationMember[], scope: string, input: PageInput): object {
  const { items, nextToken } = pageOf(members, `accounts/${scope}`, input);
  return {
    Accounts: items.map(({ accountId, name, state }) => ({
      Id: accountId,
      Arn: `arn:aws:organizations::${accountId}:account/o-simulated1/${accountId}`,
      Email: `aws+${accountId}@acme.example`,
      Name: name,
      Status: state,
      State: state,
      JoinedMethod: "CREATED",
      JoinedTimestamp: new Date(Date.UTC(2025, 0, 15)),
    })),
    NextToken: nextToken,
  };
}

function pageOf<T>(all: readonly T[], scope: string, { NextToken, MaxResults }: PageInput) {
  return paginate(all, {
    token: NextToken,
    pageSize: Math.min(MaxResults ?? pageSizeMax, pageSizeMax),
    scope,
    invalidTokenCode: "InvalidInputException",
  });
}
