/**
 * The way out to AWS: from an opened credential to a session with clients of the SDK. It never stores anything, never
 * logs keys and never tries another way to get keys than the one it was given. Invariants: every address is
 * checked when it is connected to; no setting of the server's environment reaches into a user's credential;
 * one AssumeRole serves any number of concurrent users. The pacer keeps AWS's quotas for whoever asks it first. A poster goes
 * the same guarded way to receivers of metrics, with nothing of a credential.
 */
export { type AddressPolicy, endpointProblem, receiverProblem, urlProblem } from "./address-policy.ts";
export type { ApiCall, OnCall } from "./api-call.ts";
export { type Aws, type AwsDependencies, createAws } from "./aws.ts";
export { type AwsFailure, classifyAwsError } from "./classify.ts";
export type { AwsClients } from "./clients.ts";
export { LocalConfigError } from "./local-config-error.ts";
export { type FoundAccount, listOrganizationAccounts } from "./organization-accounts.ts";
export { createPacer, type PacedCall, type PacedPlace, type Pacer } from "./pacer.ts";
export { type EstimatedPoints, estimatePoints } from "./pacer-quotas.ts";
export { createPoster, type Posted, type Poster, type PostRequest } from "./post.ts";
export { type Probe, probes } from "./probes.ts";
export { type AwsService, awsServices, regionOf } from "./regions.ts";
export type { AwsSession, IdentityStage } from "./session.ts";
export { type AwsIdentitySource, plainSource, type RoleHop } from "./source.ts";
