import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ProtocolError } from "../../protocols/index.ts";
import { checkInput, rules } from "./checks.ts";

function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ProtocolError);
    assert.equal(error.code, "InvalidParameterException");
    return error.message;
  }
}

test("a name of a group is accepted exactly when it is of AWS's characters and length", () => {
  const alphabet = "abcXYZ019.-_/#";
  const name = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 512 });
  const check = (value: string) =>
    problemOf(() => checkInput().text("logGroupName", value, rules.groupName).done());
  fc.assert(fc.property(name, (value) => assert.equal(check(value), undefined)));
  fc.assert(
    fc.property(
      name,
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      fc.nat(),
      (value, odd, at) => {
        if (alphabet.includes(odd) || /[A-Za-z0-9]/.test(odd)) return;
        const place = at % value.length;
        assert.match(check(value.slice(0, place) + odd + value.slice(place + 1)) ?? "", /at 'logGroupName'/);
      },
    ),
  );
});

test("a name of a stream may be anything but a colon, an asterisk, NUL and broken Unicode", () => {
  const check = (value: string) =>
    problemOf(() => checkInput().text("logStreamName", value, rules.streamName).done());
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 256 }), (value) => {
      const isFine = !/[:*\0]/.test(value) && value.isWellFormed();
      assert.equal(check(value) === undefined, isFine, JSON.stringify(value));
    }),
  );
  assert.match(check("\ud800") ?? "", /regular expression pattern/);
});

test("whatever is wrong is told at once and in bounded length", () => {
  const message = problemOf(() =>
    checkInput()
      .text("a", "x".repeat(5_000), { max: 10 })
      .number("b", 0, { min: 1 })
      .oneOf("c", "z", ["x", "y"])
      .size("d", 3, { min: 0, max: 2 })
      .tags("e", { "": "x", ok: "y".repeat(257) })
      .done(),
  );
  assert.match(message ?? "", /^6 validation errors detected: Value 'xxx/);
  assert.match(
    message ?? "",
    /Map keys must satisfy constraint: \[.*at 'e' .*Map value must satisfy constraint: \[/,
  );
  assert.ok((message ?? "").length < 4_000);
});
