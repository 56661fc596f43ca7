/** AWS's quotas as they are for a new account; some of them also bound what every process keeps in memory. */
export const quotas = {
  users: 5_000,
  policies: 1_500,
  versionsPerPolicy: 5,
  policiesPerUser: 10,
  accessKeysPerUser: 2,
  /** Of a managed policy, in characters that are no white space. */
  policySize: 6_144,
  /** Of all inline policies of a user together. */
  inlinePoliciesSize: 2_048,
  tags: 50,
} as const;
