import type { PatternCase } from "./pattern-case.ts";

const trail = JSON.stringify({
  eventType: "UpdateTrail",
  sourceIPAddress: "111.111.111.111",
  arrayKey: ["value", "another value"],
  objectList: [
    { name: "a", id: 1 },
    { name: "b", id: 2 },
  ],
  SomeObject: null,
  "cluster.name": "c",
  "detail-type": "ShopUnavailable",
  flag: true,
  off: false,
  empty: "",
  nested: {},
});
const people = JSON.stringify({
  user: { id: 1, email: "John.Stiles@example.com" },
  users: [
    { id: 2, email: "John.Doe@example.com" },
    { id: 3, email: "Jane.Doe@example.com" },
  ],
  actions: ["GET", "PUT", "DELETE"],
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
    [7, 8, 9],
  ],
});
const numbers = (...values: string[]) => values.map((value) => `{"v":${value}}`);

export const jsonCases: readonly PatternCase[] = [
  {
    pattern: '{ $.eventType = "UpdateTrail" }',
    yes: [trail],
    no: [
      '{"eventType":"UpdateTrails"}',
      '{"eventType":["UpdateTrail"]}',
      `x${trail}`,
      `[${trail}]`,
      "UpdateTrail",
      '"UpdateTrail"',
    ],
  },
  { pattern: "{$.eventType=UpdateTrail}", yes: [trail], no: ['{"eventtype":"UpdateTrail"}'] },
  {
    pattern: '{ $.eventType = "UpdateTrail" }',
    yes: [
      '{"eventType":"Update\\u0054rail"}',
      '{"event\\u0054ype":"UpdateTrail"}',
      '  {"eventType" : "UpdateTrail"}\n',
    ],
    no: ['{"eventType":"UpdateTrail"} x', '{"eventType":"UpdateTrail"'],
  },
  {
    pattern: "{ $.sourceIPAddress != 123.123.* }",
    yes: [trail],
    no: [
      '{"sourceIPAddress":"123.123.4.5"}',
      "{}",
      '{"sourceIPAddress":null}',
      '{"sourceIPAddress":["1"]}',
      '{"sourceIPAddress":true}',
    ],
  },
  {
    pattern: "{ $.sourceIPAddress = 111.* }",
    yes: [trail, '{"sourceIPAddress":111.5}'],
    no: ['{"sourceIPAddress":"11.1"}'],
  },
  { pattern: '{ $.sourceIPAddress = "*.111" }', yes: [trail], no: ['{"sourceIPAddress":"111"}'] },
  { pattern: "{ $.sourceIPAddress = *11.11* }", yes: [trail], no: ['{"sourceIPAddress":"1111"}'] },
  {
    pattern: '{ $.arrayKey[0] = "value" }',
    yes: [trail],
    no: [
      '{"arrayKey":{"x":"value"}}',
      '{"arrayKey":{"0":"value"}}',
      '{"arrayKey":"value"}',
      '{"arrayKey":[]}',
    ],
  },
  { pattern: '{ $.arrayKey[1] = "value" }', yes: ['{"arrayKey":["x","value"]}'], no: [trail] },
  {
    pattern: '{ $.arrayKey[*] = "value" }',
    yes: [trail, '{"arrayKey":[1,"value"]}'],
    no: ['{"arrayKey":[["value"]]}', '{"arrayKey":{"x":"value"}}', '{"arrayKey":[]}'],
  },
  {
    pattern: '{ $.arrayKey[*] != "value" }',
    yes: [trail],
    no: ['{"arrayKey":["value"]}', '{"arrayKey":[]}', "{}"],
  },
  { pattern: "{ $.arrayKey = value }", yes: [], no: [trail] },
  { pattern: "{ $.arrayKey != value }", yes: [], no: [trail] },
  { pattern: "{ $.nested != x }", yes: [], no: [trail] },
  { pattern: "{ $.eventType = %Trail% }", yes: [trail], no: ['{"eventType":"x"}'] },
  { pattern: "{ $.eventType != %^Create% }", yes: [trail], no: ['{"eventType":"CreateTrail"}', "{}"] },
  { pattern: "{ $.arrayKey[*] = %val.{2}% }", yes: [trail], no: ['{"arrayKey":["val"]}'] },
  { pattern: "{ $.* = %111\\.111\\.111\\.1[0-9]{1,2}% }", yes: [trail], no: [people] },
  { pattern: "{ $.* = c }", yes: [trail], no: ['{"a":{"b":"c"}}', '["c"]', '{"c":1}'] },
  { pattern: "{ $.user.* = 1 }", yes: [people], no: ['{"user":[1]}'] },
  { pattern: "{ $.*.id = 1 }", yes: [people], no: ['{"a":{"id":2}}'] },
  { pattern: "{ $.['cluster.name'] = \"c\" }", yes: [trail], no: ['{"cluster":{"name":"c"}}'] },
  { pattern: "{ $['cluster.name'] = c }", yes: [trail], no: [people] },
  { pattern: '{ $.["it\'s"] = 1 }', yes: ['{"it\'s":1}'], no: [trail] },
  { pattern: "{ $.cluster.name = c }", yes: ['{"cluster":{"name":"c"}}'], no: [trail] },
  { pattern: "{ $.detail-type = Shop* }", yes: [trail], no: [people] },
  { pattern: "{ $.@timestamp = 5 }", yes: ['{"@timestamp":5}'], no: [trail] },
  {
    pattern: "{ $.SomeObject IS NULL }",
    yes: [trail],
    no: [people, '{"SomeObject":"null"}', '{"SomeObject":{}}', "null"],
  },
  {
    pattern: "{ $.flag IS TRUE }",
    yes: [trail],
    no: ['{"flag":"true"}', '{"flag":1}', '{"flag":false}', "{}"],
  },
  { pattern: "{ $.off IS FALSE }", yes: [trail], no: ['{"off":"false"}', '{"off":0}', '{"off":null}', "{}"] },
  { pattern: "{ $.flag = true }", yes: ['{"flag":"true"}'], no: [trail] },
  { pattern: "{ $.SomeObject = null }", yes: ['{"SomeObject":"null"}'], no: [trail] },
  {
    pattern: "{ $.SomeOtherObject NOT EXISTS }",
    yes: [trail, "{}"],
    no: ['{"SomeOtherObject":null}', "not json", '[{"a":1}]', "{broken", "5"],
  },
  { pattern: "{ $.SomeObject NOT EXISTS }", yes: [people], no: [trail] },
  { pattern: "{ $.objectList[2].id NOT EXISTS }", yes: [trail], no: ['{"objectList":[0,0,{"id":1}]}'] },
  { pattern: "{ $.users[*].name NOT EXISTS }", yes: [people, "{}"], no: ['{"users":[{"x":1},{"name":2}]}'] },
  {
    pattern: "{ $.eventType = * }",
    yes: [trail, '{"eventType":5}', '{"eventType":""}'],
    no: ['{"eventType":null}', '{"eventType":[]}', "{}", '{"eventType":false}'],
  },
  {
    pattern: '{ $.eventType = "*" && $.sourceIPAddress != 123.123.* }',
    yes: [trail],
    no: ['{"eventType":"x"}'],
  },
  { pattern: '{ $.empty = "" }', yes: [trail], no: ['{"empty":null}', "{}", '{"empty":" "}'] },
  { pattern: "{ $.objectList[1].id = 2 }", yes: [trail], no: [people] },
  { pattern: "{ $.objectList[*].id = 2 }", yes: [trail], no: ['{"objectList":{"id":2}}'] },
  { pattern: "{ $.objectList[*] IS NULL }", yes: ['{"objectList":[1,null]}'], no: [trail] },
  { pattern: "{ $.coordinates[0][1] = 1 }", yes: [people], no: [trail] },
  {
    pattern: "{ $.coordinates[*][0] = 7 }",
    yes: [people],
    no: ['{"coordinates":[7]}', '{"coordinates":[{"x":7}]}'],
  },
  { pattern: "{ $.coordinates[1][*] = 6 }", yes: [people], no: [trail] },
  {
    pattern: '{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }',
    yes: [people],
    no: [trail],
  },
  {
    pattern: '{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }',
    yes: [],
    no: [people],
  },
  {
    pattern:
      '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch" && $.actions[2] = "nonmatch" }',
    yes: [people],
    no: [],
  },
  {
    pattern:
      '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch") && $.actions[2] = "nonmatch" }',
    yes: [],
    no: [people],
  },
  { pattern: "{ $.users[*].id = 2 && $.users[*].email = Jane* }", yes: [people], no: [trail] },
  {
    pattern: "{ $.bandwidth > 75 }",
    yes: ['{"bandwidth":80}', '{"bandwidth":75.01}', '{"bandwidth":"76"}'],
    no: ['{"bandwidth":75}', '{"bandwidth":"many"}', '{"bandwidth":null}', '{"bandwidth":true}'],
  },
  {
    pattern: "{ $.latency < 50 }",
    yes: ['{"latency":49.5}', '{"latency":-1}'],
    no: ['{"latency":50}', "{}"],
  },
  { pattern: "{ $.refreshRate >= 60 }", yes: ['{"refreshRate":60}'], no: ['{"refreshRate":59.999}'] },
  { pattern: "{ $.responseTime <= 5 }", yes: ['{"responseTime":5}'], no: ['{"responseTime":5.1}'] },
  {
    pattern: "{ $.errorCode = 400}",
    yes: ['{"errorCode":400}', '{"errorCode":400.0}', '{"errorCode":4e2}', '{"errorCode":"400"}'],
    no: ['{"errorCode":4000}', '{"errorCode":"0400"}'],
  },
  {
    pattern: "{ $.errorCode != 500 }",
    yes: ['{"errorCode":400}', '{"errorCode":"x"}'],
    no: ['{"errorCode":500}', '{"errorCode":5e2}', "{}"],
  },
  {
    pattern: "{ $.errorCode = 4* }",
    yes: ['{"errorCode":404}', '{"errorCode":"4xx"}', '{"errorCode":4e2}'],
    no: ['{"errorCode":504}'],
  },
  {
    pattern: '{ $.errorCode = "404" }',
    yes: ['{"errorCode":404}', '{"errorCode":"404"}'],
    no: ['{"errorCode":"404.0"}', '{"errorCode":4040}'],
  },
  { pattern: '{ $.errorCode = "123.0" }', yes: ['{"errorCode":"123.0"}'], no: ['{"errorCode":123}'] },
  { pattern: "{ $.number[0] = 1e+3 }", yes: ['{"number":[1000]}'], no: ['{"number":[1e-3]}'] },
  { pattern: "{ $.number[0] != 1e-3 }", yes: ['{"number":[1000]}'], no: ['{"number":[0.001]}'] },
  { pattern: "{ $.v = -1.5 }", yes: numbers("-1.5", "-15e-1", '"-1.5"'), no: numbers("1.5", '"+1.5"') },
  { pattern: "{ $.v = +5 }", yes: numbers("5"), no: numbers("-5") },
  {
    pattern: "{ $.v = 0 }",
    yes: numbers("0", "-0", "0.0", "-0.0"),
    no: numbers("null", '""', "false", "[]"),
  },
  {
    pattern: "{ $.v > 9007199254740992 }",
    yes: numbers("9007199254740994", "18446744073709551615", "1e300"),
    no: numbers("9007199254740992"),
  },
  {
    pattern: '{ $.v = "18446744073709551615" }',
    yes: numbers("18446744073709551615"),
    no: numbers("18446744073709551614"),
  },
  { pattern: "{ $.v = 1 }", yes: ['{"v":1,"v":2}'], no: ['{"v":2,"v":1}'] },
  {
    pattern: "{ $.v = 123456789012345678901234567890 }",
    yes: numbers("1.2345678901234567e29", '"123456789012345678901234567890"'),
    no: numbers("1"),
  },
  { pattern: '{ $.v = "a\\"b" }', yes: numbers('"a\\"b"', '"a\\u0022b"'), no: numbers('"ab"') },
  { pattern: '{ $.v = "a/b" }', yes: numbers('"a/b"', '"a\\/b"', '"a\\u002fb"'), no: numbers('"ab"') },
  {
    pattern: '{ $.v = "ünï 🌥" }',
    yes: numbers('"ünï 🌥"', '"\\u00fcn\\u00ef \\ud83c\\udf25"'),
    no: numbers('"uni"'),
  },
  { pattern: "{ $.v = 50%* }", yes: numbers('"50% off"'), no: numbers('"50 off"') },
  { pattern: '{ $.v = "_*\\\\*" }', yes: numbers('"_a\\\\b"'), no: numbers('"xa\\\\b"') },
  { pattern: "{ $.v = 111*111 }", yes: numbers('"111.5.111"', '"111111"'), no: numbers('"11111"', '"1111"') },
  {
    pattern:
      "{ $.userIdentity.type = Root && $.userIdentity.invokedBy NOT EXISTS && $.eventType != AwsServiceEvent }",
    yes: ['{"userIdentity":{"type":"Root"},"eventType":"AwsApiCall"}'],
    no: [
      '{"userIdentity":{"type":"Root","invokedBy":"x"},"eventType":"AwsApiCall"}',
      '{"userIdentity":{"type":"Root"}}',
    ],
  },
  {
    pattern: '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    yes: ['{"errorCode":"Client.UnauthorizedOperation"}', '{"errorCode":"AccessDeniedException"}'],
    no: ['{"errorCode":"Throttling"}'],
  },
];
