import { authenticationMethods } from "../contract/credential.ts";
import {
  choice,
  flag,
  integer,
  list,
  listenAddress,
  networks,
  optionalText,
  optionalUsd,
  secret,
  text,
} from "./setting.ts";

/**
 * Every setting there is. From this table come the parser, `nepho serve --help` and docs/reference/configuration.md.
 * In the environment `dataDir` is `NEPHO_DATA_DIR`; a secret may also be a file named by `NEPHO_…_FILE`.
 */
export const settings = {
  dataDir: text({
    default: "./data",
    doc: "Folder of the embedded stores and of what the first start makes.",
  }),
  consoleListen: listenAddress({
    default: "127.0.0.1:8080",
    doc: "Address of the console: web UI and REST API.",
  }),
  endpointListen: listenAddress({
    default: "127.0.0.1:8088",
    doc: "Address of the AWS-compatible endpoint.",
  }),
  publicUrl: optionalText({
    type: "URL",
    doc: "URL under which users reach the console, when a proxy stands in front; https makes cookies secure.",
  }),
  trustedProxies: networks({
    doc: "Proxies in front of either listener that are believed when they say in X-Forwarded-Proto that a request came over https, for aws:SecureTransport in policies. Whoever else sends the header is not.",
  }),
  databaseUrl: secret({
    doc: "PostgreSQL URL of the control plane. Without it PGlite in the data folder is used.",
  }),
  clickhouseUrl: secret({
    doc: "ClickHouse URL (http or https) of telemetry. Without it chDB in the data folder is used.",
  }),
  masterKey: secret({
    doc: "Base64 of 32 bytes that wraps all data keys; several, separated by commas, for rotation: the first writes, all read. Made at the first start when absent.",
  }),
  adminPassword: secret({
    doc: "Password of the user admin, at the first start. Made, and written to first-run.json, when absent.",
  }),
  rootAccessKeyId: optionalText({ doc: "Root access key ID, at the first start. Made when absent." }),
  rootSecretAccessKey: secret({
    doc: "Root secret access key, at the first start. Made, and written to first-run.json, when absent.",
  }),
  allowedAuthMethods: list({
    values: authenticationMethods,
    default: ["default", "profile", "keys"],
    type: `comma-separated, of ${authenticationMethods.join(", ")}`,
    doc: "Authentication methods that credentials may use.",
  }),
  assumeRoleEnabled: flag({ default: true, doc: "Whether credentials and integrations may assume roles." }),
  allowPrivateEndpoints: flag({
    default: false,
    doc: "Whether custom endpoints and proxies may be on private or loopback addresses and plain http: for emulators and VPC endpoints.",
  }),
  endpointAllowlist: list({
    default: [],
    type: "comma-separated host names, *.suffix for all below one",
    doc: "Hosts that custom endpoints may name besides those of AWS.",
  }),
  tokenDirectories: list({
    default: ["/var/run/secrets"],
    type: "comma-separated paths",
    doc: "Folders in which the token file of the method web-identity may lie.",
  }),
  allowedProfiles: list({
    default: [],
    type: "comma-separated profile names",
    doc: "Profiles that the method profile may use; empty means all that hold plain keys or roles.",
  }),
  sharedCredentialsFile: optionalText({
    type: "path",
    doc: "AWS shared credentials file of the method profile; ~/.aws/credentials when absent.",
  }),
  sharedConfigFile: optionalText({
    type: "path",
    doc: "AWS config file of the method profile; ~/.aws/config when absent.",
  }),
  importFile: optionalText({
    type: "path",
    doc: "Declaration of credentials that is imported at every start; secrets in it are env: or file: references.",
  }),
  extraRegions: list({
    default: [],
    type: "comma-separated region names",
    doc: "Regions that AWS opened after this version was made and that credentials may name.",
  }),
  requestsPerSecond: integer({
    default: 100,
    min: 0,
    max: 100_000,
    unit: "requests a second",
    doc: "Console requests, and management calls at the endpoint, that one user, or one address without a valid login, may make on average; ten times as many at once. 0: no limit.",
  }),
  ingestMemoryMib: integer({
    default: 64,
    min: 16,
    max: 16_384,
    unit: "MiB",
    doc: "Memory for requests with log events that are under way; one API key, or one address of senders that sign, has at most half of it. What does not fit is answered 503 or 429 before it is read.",
  }),
  ingestRequestsPerSecond: integer({
    default: 5_000,
    min: 0,
    max: 1_000_000,
    unit: "requests a second",
    doc: "Requests with log events that one key may make on average, and at once. 0: no limit.",
  }),
  ingestRequestMib: integer({
    default: 1,
    min: 1,
    max: 20,
    unit: "MiB",
    doc: "Largest body of log events after it was inflated; for OTLP the most that is stored of one.",
  }),
  ingestEventKib: integer({
    default: 256,
    min: 1,
    max: 1_024,
    unit: "KiB",
    doc: "Largest event of the endpoints for JSON and HEC. OTLP and PutLogEvents allow 1 MiB, as on AWS.",
  }),
  ingestCreateMissing: flag({
    default: false,
    doc: "Whether a log group or stream that a sender names is made when it is missing and policies allow the sender logs:CreateLogGroup or logs:CreateLogStream. AWS never does.",
  }),
  hlcMessage: choice({
    values: ["object", "event"],
    default: "object",
    doc: "What of an event in the HEC format is stored as its message: the whole object as sent, or the content of its member event.",
  }),
  hecDefaultLogGroup: optionalText({
    type: "a log group name",
    doc: "Log group for agents of the paths /services/… that can name none. Without it they are answered 400.",
  }),
  hecDefaultLogStream: optionalText({
    type: "a log stream name",
    doc: "Log stream for agents of the paths /services/… that can name none.",
  }),
  hecQueryToken: flag({
    default: false,
    doc: "Whether the paths /services/… take the key as the query parameter token, as Splunk can. Proxies write addresses into their logs.",
  }),
  auditIngestion: choice({
    values: ["best-effort", "strict"],
    default: "best-effort",
    doc: "strict: a request with an API key waits until its audit record is on disk, and is refused when that fails.",
  }),
  trailRetentionDays: integer({
    default: 90,
    min: 1,
    max: 3_650,
    unit: "days",
    doc: "How long audit records can be looked up. Files that trails delivered stay.",
  }),
  endpointPublicUrl: optionalText({
    type: "URL",
    doc: "Address at which senders of logs reach the endpoint, for the instructions in the console; unset: its port on the console's host.",
  }),
  consoleTlsCertFile: optionalText({
    type: "path",
    doc: "PEM file with the certificate of the console, followed by those that vouch for it; with the key, the console speaks TLS. Read again when it changes.",
  }),
  consoleTlsKeyFile: optionalText({
    type: "path",
    doc: "PEM file with the key of the console's certificate.",
  }),
  endpointTlsCertFile: optionalText({
    type: "path",
    doc: "PEM file with the certificate of the endpoint, followed by those that vouch for it; with the key, the endpoint speaks TLS. Read again when it changes.",
  }),
  endpointTlsKeyFile: optionalText({
    type: "path",
    doc: "PEM file with the key of the endpoint's certificate.",
  }),
  credentialRecheckHours: integer({
    default: 24,
    min: 1,
    max: 720,
    unit: "hours",
    doc: "How often credentials are tested again.",
  }),
  externalIdHours: integer({
    default: 48,
    min: 1,
    max: 8760,
    unit: "hours",
    doc: "Life of an external ID that nothing uses.",
  }),
  runsAtOnce: integer({
    default: 8,
    min: 1,
    max: 64,
    unit: "runs",
    doc: "Runs that one process executes at a time; from 4 on, two places are kept for those that were short the last time.",
  }),
  awsQuotaShare: integer({
    default: 80,
    min: 1,
    max: 1000,
    unit: "percent",
    doc: "Part of AWS's usual quotas of calls and points that runs use at most; the rest is left to other tools in the same accounts. More than 100 where AWS has raised them.",
  }),
  monthlyCapUsd: optionalUsd({
    min: 0.01,
    max: 1_000_000,
    doc: "Most that all calls to AWS together may cost in a calendar month (UTC), counted at the high end; then all integrations pause until the next month. No cap when absent.",
  }),
  accountId: text({
    default: "000000000000",
    pattern: /^\d{12}$/,
    type: "12 digits",
    doc: "Account id of this installation in its own ARNs.",
  }),
  region: text({
    default: "us-east-1",
    pattern: /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/,
    type: "a region name",
    doc: "Region of this installation in its own ARNs.",
  }),
  logFormat: choice({
    values: ["auto", "json", "text"],
    default: "auto",
    doc: "json is one object a line; text is for people. auto is text on a terminal.",
  }),
  logLevel: choice({
    values: ["trace", "debug", "info", "warn", "error", "silent"],
    default: "info",
    doc: "Least severity that is logged.",
  }),
} as const;

type Values<T> = {
  readonly [K in keyof T]: T[K] extends { default: infer D; parse: (text: string) => infer P }
    ? D | P
    : never;
};

/** The resolved, frozen settings that `main.ts` hands out piece by piece. */
export type Settings = Values<typeof settings>;

/** Variables whose values are secrets, to be taken out of the environment once they were read. */
export const secretVariables: readonly string[] = Object.entries(settings)
  .filter(([, setting]) => setting.secret)
  .map(([name]) => environmentName(name));

/** `dataDir` → `NEPHO_DATA_DIR`. */
export function environmentName(name: string): string {
  return `NEPHO_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
