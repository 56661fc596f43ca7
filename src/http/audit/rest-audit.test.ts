import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { AppError } from "../../base/index.ts";
import type { TrailEventInput, TrailEventResult, TrailRecorder } from "../../contract/index.ts";
import { asSession, asToken, createTestConsole, type TestConsole } from "../testing/console.ts";
import { createFakeServices, password } from "../testing/fake-services.ts";
import { resourcesOf } from "./resources.ts";

interface Trace {
  readonly step: "begun" | "finished" | "written";
  readonly event: TrailEventInput;
  readonly result?: TrailEventResult;
}

describe("the audit trail of the REST API", () => {
  let console: TestConsole;
  let audit: { trail: TrailRecorder; accountId: string };
  let traces: Trace[];
  let failure: AppError | undefined;

  beforeEach(async () => {
    traces = [];
    failure = undefined;
    const note = async (trace: Trace) => {
      if (failure) throw failure;
      traces.push(trace);
    };
    const trail: TrailRecorder = {
      begin: async (event) => {
        await note({ step: "begun", event });
        return { finish: (result) => note({ step: "finished", event, result }) };
      },
      write: (event, result) => note({ step: "written", event, result }),
      note: () => {},
    };
    audit = { trail, accountId: "000000000000" };
    console = await createTestConsole({ audit });
  });
  afterEach(() => console.app.close());

  const admin = (method: "GET" | "POST" | "PUT" | "DELETE", url: string, payload?: object) =>
    console.app.inject(asToken("AdministratorAccess", { method, url, ...(payload && { payload }) }));
  const newUser = { name: "alice", password: "correct horse battery", policies: ["Proxies"] };

  test("has a change before it is made and when it is over, without secrets", async () => {
    const response = await admin("POST", "/api/v1/users", newUser);
    assert.equal(response.statusCode, 200, response.body);
    assert.deepEqual(
      traces.map(({ step }) => step),
      ["begun", "finished"],
    );
    const { event } = traces[0]!;
    assert.deepEqual(
      [event.eventSource, event.eventName, event.readOnly, event.sourceIPAddress],
      ["iam.amazonaws.com", "CreateUser", false, "127.0.0.1"],
    );
    assert.equal(event.userIdentity.userName, "AdministratorAccess");
    assert.equal(event.userIdentity.credentialId, "AdministratorAccess");
    assert.equal(event.requestId, response.headers["x-request-id"]);
    assert.deepEqual(event.requestParameters, {
      name: "alice",
      password: "HIDDEN_DUE_TO_SECURITY_REASONS",
      policies: ["Proxies"],
    });
    assert.equal(typeof traces[1]?.result?.responseElements?.name, "string");
  });

  test("has each thing that one call does under the name that IAM has for it", async () => {
    const input = { userName: "sender", createUser: true, ageDays: 30 };
    assert.equal((await admin("POST", "/api/v1/keys", input)).statusCode, 200);
    const ARN = "arn:aws:iam::000000000000:user/sender";
    const user = { type: "AWS::IAM::User", ARN };
    const policyArn = "arn:aws:iam::aws:policy/CloudWatchLogsAPIKeyAccess";
    const begun = traces.filter(({ step }) => step === "begun").map(({ event }) => event);
    assert.deepEqual(
      begun.map(({ eventName, requestParameters, resources }) => [eventName, requestParameters, resources]),
      [
        ["CreateServiceSpecificCredential", input, [user]],
        ["CreateUser", input, [user]],
        ["AttachUserPolicy", { ...input, policyArn }, [user, { type: "AWS::IAM::Policy", ARN: policyArn }]],
      ],
    );
    assert.equal(new Set(begun.map(({ requestId }) => requestId)).size, 1);
    assert.deepEqual(
      traces.slice(3).map(({ step, event }) => [step, event.eventName]),
      [
        ["finished", "AttachUserPolicy"],
        ["finished", "CreateUser"],
        ["finished", "CreateServiceSpecificCredential"],
      ],
    );
  });

  test("names the user or the log group, so that it is found by them", async () => {
    const bob = { type: "AWS::IAM::User", ARN: "arn:aws:iam::000000000000:user/bob" };
    const group = {
      type: "AWS::Logs::LogGroup",
      ARN: "arn:aws:logs:us-east-1:000000000000:log-group:/demo/app",
    };
    const asked = [bob.ARN, bob.ARN, group.ARN, `${group.ARN}:log-stream:`, `${group.ARN}:log-stream:web-1`];
    assert.deepEqual(resourcesOf([...asked, "*", "arn:aws:iam::000000000000:user/*"]), [bob, group]);
    await admin("POST", "/api/v1/tokens", { name: "ci" });
    assert.deepEqual(traces[0]?.event.resources, [
      { type: "AWS::IAM::User", ARN: "arn:aws:iam::000000000000:user/AdministratorAccess" },
    ]);
  });

  test("has no secret that an answer hands out", async () => {
    await admin("POST", "/api/v1/tokens", { name: "ci" });
    assert.equal(traces.length, 2);
    assert.ok(!JSON.stringify(traces).includes("nepho_new"));
  });

  test("has no external ID", async () => {
    await admin("DELETE", "/api/v2/cloudintegration/awsExternalId/0123456789abcdef");
    await admin("POST", "/api/v2/cloudintegration/awsExternalId");
    assert.equal(traces.length, 4);
    assert.ok(!JSON.stringify(traces).includes("0123456789abcdef"));
  });

  test("names our own operations as policies do", async () => {
    await admin("POST", "/api/v1/vault/rotate");
    assert.deepEqual(
      [traces[0]?.event.eventSource, traces[0]?.event.eventName],
      ["nephoscope.local", "vault:Rotate"],
    );
  });

  test("names what AWS has an operation for as AWS does, reads that were refused among it", async () => {
    const { services } = createFakeServices();
    const identity = { ...services.identity, authorize: () => Promise.reject(new AppError("access_denied")) };
    const { app } = await createTestConsole({ services: { ...services, identity }, audit });
    const response = await app.inject(asToken("ReadOnlyAccess", { method: "GET", url: "/api/v1/events" }));
    await app.close();
    assert.equal(response.statusCode, 403);
    assert.deepEqual(
      traces.map(({ step, event }) => [step, event.eventSource, event.eventName]),
      [["written", "cloudtrail.amazonaws.com", "LookupEvents"]],
    );
  });

  test("has changes that failed, with the code that their service has for it", async () => {
    await admin("DELETE", "/api/v1/users/missing");
    await admin("DELETE", "/api/v1/logs/group?name=missing");
    await admin("DELETE", "/api/v1/credentials/missing");
    assert.deepEqual(
      traces.filter(({ step }) => step === "finished").map(({ result }) => result?.errorCode),
      ["NoSuchEntity", "ResourceNotFoundException", "credential_not_found"],
    );
  });

  test("has no reads and no log events", async () => {
    await admin("GET", "/api/v1/users");
    await admin("GET", "/api/v1/vault");
    const events = [{ message: "a log line" }];
    const sent = await admin("POST", "/api/v1/logs/events", { group: "g", stream: "s", events });
    assert.equal(sent.statusCode, 200, sent.body);
    assert.deepEqual(traces, []);
  });

  test("has log events that may make their group, and those that were refused, without a message", async () => {
    const payload = { group: "g", stream: "s", events: [{ message: "a log line" }] };
    await admin("POST", "/api/v1/logs/events", { ...payload, createMissing: true });
    const request = { method: "POST", url: "/api/v1/logs/events", payload } as const;
    assert.equal((await console.app.inject(asToken("ReadOnlyAccess", request))).statusCode, 403);
    assert.deepEqual(
      traces.map(({ step, event }) => [step, event.eventName, event.readOnly, event.requestParameters]),
      [
        ["begun", "PutLogEvents", false, { group: "g", stream: "s", createMissing: true }],
        ["finished", "PutLogEvents", false, { group: "g", stream: "s", createMissing: true }],
        ["written", "PutLogEvents", false, { group: "g", stream: "s", createMissing: false }],
      ],
    );
  });

  test("has what was refused, reads too", async () => {
    const request = { method: "GET", url: "/api/v1/users" } as const;
    assert.equal((await console.app.inject(asToken("ReadOnlyAccess", request))).statusCode, 403);
    assert.deepEqual(
      traces.map(({ step, event, result }) => [step, event.eventName, result?.errorCode]),
      [["written", "ListUsers", "AccessDenied"]],
    );
  });

  test("and what cannot be recorded is not done: 503", async () => {
    failure = new AppError("storage_full");
    console.calls.length = 0;
    const response = await admin("POST", "/api/v1/users", newUser);
    assert.equal(response.statusCode, 503);
    assert.deepEqual(console.calls, []);
    assert.equal((await admin("GET", "/api/v1/users")).statusCode, 200);
  });

  describe("of signing in", () => {
    const signIn = (payload: object) =>
      console.app.inject({ method: "POST", url: "/api/v1/session", payload });

    test("has who came in", async () => {
      assert.equal((await signIn({ user: "admin", password })).statusCode, 200);
      const [trace] = traces;
      assert.deepEqual(
        [trace?.step, trace?.event.eventSource, trace?.event.eventName, trace?.event.requestParameters],
        ["written", "signin.amazonaws.com", "ConsoleLogin", null],
      );
      assert.deepEqual(trace?.result, { responseElements: { ConsoleLogin: "Success" } });
      assert.equal(trace?.event.userIdentity.userName, "AdministratorAccess");
    });

    test("has who did not, without what was typed", async () => {
      assert.equal((await signIn({ user: "my-password", password: "wrong-secret" })).statusCode, 401);
      assert.deepEqual(traces[0]?.result, {
        responseElements: { ConsoleLogin: "Failure" },
        errorMessage: "Failed authentication",
      });
      const text = JSON.stringify(traces);
      assert.ok(!text.includes("my-password") && !text.includes("wrong-secret"));
    });

    test("lets nobody in unrecorded: no cookie with a 503", async () => {
      failure = new AppError("store_unavailable");
      const response = await signIn({ user: "admin", password });
      assert.equal(response.statusCode, 503);
      assert.equal(response.headers["set-cookie"], undefined);
    });

    test("has a changed password, without either", async () => {
      await console.app.inject(
        asSession({
          method: "POST",
          url: "/api/v1/session/password",
          payload: { currentPassword: password, newPassword: "another good password" },
        }),
      );
      assert.equal(traces[0]?.event.eventName, "session:ChangePassword");
      assert.ok(!JSON.stringify(traces).includes("good password"));
      assert.equal(traces[0]?.event.userIdentity.credentialId, undefined);
    });
  });
});
