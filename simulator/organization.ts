/** An organization of the simulated AWS: who manages it, what its accounts are called and in which unit they are. */
export interface Organization {
  readonly managementAccountId: string;
  readonly members: readonly OrganizationMember[];
  readonly units: readonly OrganizationUnit[];
}

export interface OrganizationMember {
  readonly accountId: string;
  readonly name: string;
  readonly state: "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE";
  /** Unit or root it is in. */
  readonly parentId: string;
}

export interface OrganizationUnit {
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
}

export const organizationRootId = "r-sim1";
