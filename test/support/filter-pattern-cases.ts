/**
 * What CloudWatch Logs does with a pattern, as its documentation and observations of the service tell: messages that match and
 * messages that do not. Written for people who know the filter language.
 */
export interface PatternCase {
  readonly pattern: string;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

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
const page404 = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
const page410 = '127.0.0.2 - jane [10/Oct/2000:13:25:16 -0700] "GET /index.html HTTP/1.0" 410 0';
const post500 = '127.0.0.3 - frank [10/Oct/2000:13:25:17 -0700] "POST /api HTTP/1.0" 500 2048';
const page200 = '127.0.0.4 - frank [10/Oct/2000:13:25:18 -0700] "GET /index.html HTTP/1.0" 200 100';
const infoGet = "INFO 09/25/2014 12:00:00 GET /service/resource/67 1200";
const infoPart = "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310";
const warning = "WARNING 09/25/2014 12:00:02 Invalid user request";
const failure = "ERROR 09/25/2014 12:00:02 Failed to process request";
const bad400 = "[ERROR 400] BAD REQUEST";
const unauthorized = "[ERROR 401] UNAUTHORIZED REQUEST";
const missing = "[ERROR 419] MISSING ARGUMENTS";
const invalid = "[ERROR 420] INVALID ARGUMENTS";
const ok200 = "[INFO 200] OK";

const terms: readonly PatternCase[] = [
  { pattern: "", yes: ["anything", " ", "{}"], no: [] },
  { pattern: "   ", yes: ["anything"], no: [] },
  { pattern: '""', yes: ["anything"], no: [] },
  { pattern: '" "', yes: ["nospace", "a b"], no: [] },
  { pattern: '"" ERROR', yes: ["ERROR"], no: ["INFO"] },
  {
    pattern: "ERROR",
    yes: [bad400, unauthorized, missing, "TERROR", "ERRORS", '{"level":"ERROR"}'],
    no: [ok200, "error", "ERR OR"],
  },
  { pattern: "error", yes: ["an error"], no: ["ERROR", "Error"] },
  { pattern: "Exception", yes: ["InvalidQueryException: x"], no: ["exception"] },
  {
    pattern: "ERROR ARGUMENTS",
    yes: [missing, invalid, "ARGUMENTS first, ERROR second"],
    no: [bad400, unauthorized, "ARGUMENTS"],
  },
  { pattern: "  ERROR   ARGUMENTS  ", yes: [missing], no: [bad400] },
  { pattern: "ERROR\tARGUMENTS", yes: [missing], no: [bad400] },
  { pattern: "?ERROR ?ARGUMENTS", yes: [bad400, missing, "only ARGUMENTS"], no: [ok200] },
  { pattern: "?ERROR", yes: [bad400], no: [ok200] },
  { pattern: "?ERROR ?ARGUMENTS REQUEST", yes: ["INFO REQUEST", unauthorized], no: [missing, "ERROR"] },
  { pattern: "?ERROR -REQUEST", yes: [ok200, missing], no: [bad400] },
  { pattern: "ERROR -ARGUMENTS", yes: [bad400, unauthorized], no: [missing, invalid, ok200] },
  { pattern: "-ERROR", yes: [ok200], no: [bad400] },
  { pattern: "-ERROR -INFO", yes: ["WARN"], no: [ok200, bad400] },
  { pattern: "ERROR -400 -401", yes: [missing], no: [bad400, unauthorized] },
  {
    pattern: '"INTERNAL SERVER ERROR"',
    yes: ["[ERROR 500] INTERNAL SERVER ERROR"],
    no: ["INTERNAL  SERVER ERROR", "INTERNAL ERROR ON SERVER"],
  },
  {
    pattern: '"[ERROR]" Exception',
    yes: ["16,142 [ERROR] InvalidQueryException"],
    no: ["[ERROR] end", "ERROR Exception"],
  },
  { pattern: 'ERROR -"BAD REQUEST"', yes: [missing, "ERROR BAD  REQUEST"], no: [bad400] },
  { pattern: '?"BAD REQUEST" ?OK', yes: [bad400, ok200], no: [missing] },
  { pattern: '"hello-world"', yes: ["say hello-world"], no: ["hello world"] },
  { pattern: '"say \\"hi\\""', yes: ['they say "hi" now'], no: ["say hi"] },
  { pattern: '"C:\\\\temp"', yes: ["in C:\\temp\\x"], no: ["C:temp"] },
  { pattern: '"a\\b"', yes: ["a\\b"], no: ["ab"] },
  { pattern: '"%"', yes: ["100%"], no: ["100"] },
  { pattern: '"*"', yes: ["a*b"], no: ["ab"] },
  { pattern: "a_b", yes: ["xa_bx"], no: ["a-b", "aXb"] },
  { pattern: "42", yes: ["x142y"], no: ["4 2"] },
  { pattern: "Größe", yes: ["die Größe"], no: ["die Grösse"] },
  { pattern: '"🌥"', yes: ["cloud 🌥 now"], no: ["cloud"] },
  { pattern: '"\'; DROP TABLE x; --"', yes: ["a '; DROP TABLE x; -- b"], no: ["DROP TABLE x"] },
  { pattern: '"\n"', yes: ["a\nb"], no: ["a b"] },
];

const expressions: readonly PatternCase[] = [
  { pattern: "%AUTHORIZED%", yes: [unauthorized, "[SUCCESS 200] AUTHORIZED REQUEST"], no: [ok200] },
  { pattern: "%^[hc]at%", yes: ["hat trick", "cat"], no: ["a hat", "bat"] },
  { pattern: "%[hc]at$%", yes: ["the cat"], no: ["the cat "] },
  { pattern: "%colou?r%", yes: ["color", "colour"], no: ["colouur"] },
  { pattern: "%^a{3,5}$%", yes: ["aaa", "aaaaa"], no: ["aa", "aaaaaa"] },
  { pattern: "%gray|grey%", yes: ["grey", "gray"], no: ["groy"] },
  {
    pattern: "%^starting|^initializing|^shutting down%",
    yes: ["shutting down now", "starting"],
    no: ["is starting"],
  },
  { pattern: "%10\\.10\\.0\\.1%", yes: ["from 10.10.0.1"], no: ["10010,051"] },
  { pattern: "%10.10.0.1%", yes: ["10010,051"], no: ["10.10.0"] },
  { pattern: "%\\[.\\]%", yes: ["value [7] here"], no: ["[77]"] },
  { pattern: "%ab*c%", yes: ["ac", "abbc"], no: ["adc"] },
  { pattern: "%ab+c%", yes: ["abc"], no: ["ac"] },
  { pattern: "%\\d%", yes: ["port 80"], no: ["port"] },
  { pattern: "%^\\D+$%", yes: ["port"], no: ["port 8"] },
  { pattern: "%a\\sb%", yes: ["a b", "a\tb", "a\nb"], no: ["ab", "a\u00a0b"] },
  { pattern: "%^\\S+$%", yes: ["ab"], no: ["a b"] },
  { pattern: "%^\\w+$%", yes: ["a_1"], no: ["a-1", "é"] },
  { pattern: "%^\\W$%", yes: ["-", "é", "🌥"], no: ["a"] },
  { pattern: "%a.b%", yes: ["a\nb", "a🌥b"], no: ["ab"] },
  { pattern: "%a$%", yes: ["a"], no: ["a\n", "a\nb"] },
  { pattern: "%\\x3A%", yes: ["key:value"], no: ["key=value"] },
  { pattern: "%^[^a-z]+$%", yes: ["A B"], no: ["Ab"] },
  { pattern: "%a\\-b%", yes: ["a-b"], no: ["a_b"] },
  { pattern: "%\\\\%", yes: ["back\\slash"], no: ["slash"] },
  { pattern: "%xyz[[a]|q%", yes: ["q", "xyz["], no: ["xyz"] },
  { pattern: "%ERROR% -%4\\d\\d%", yes: ["ERROR 500"], no: [bad400] },
  { pattern: "?%^A% ?%^B%", yes: ["Ax", "Bx"], no: ["xA"] },
  { pattern: "REQUEST %4[0-9]{2}%", yes: [bad400], no: [missing, "REQUEST"] },
];

const json: readonly PatternCase[] = [
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

const fields: readonly PatternCase[] = [
  {
    pattern: "[ip, user, username, timestamp, request, status_code, bytes]",
    yes: [page404, page410, `${page404} more`],
    no: ["too short", ""],
  },
  {
    pattern: "[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]",
    yes: [page404, page410],
    no: [post500, page200],
  },
  {
    pattern:
      "[ip, user, username, timestamp, request =*.html*, status_code = 404 || status_code = 410, bytes]",
    yes: [page404, page410],
    no: [page200],
  },
  {
    pattern: "[ip=%127\\.0\\.0\\.[1-3]%, user, username, timestamp, request, status_code, bytes]",
    yes: [page404, post500],
    no: [page200],
  },
  { pattern: "[..., request =*.html*, status_code = 4*,]", yes: [page404], no: [post500] },
  { pattern: "[..., status_code, bytes > 1000]", yes: [page404, post500], no: [page410, "a b c", "5000"] },
  {
    pattern: "[..., status_code >= 400 && status_code < 500, bytes]",
    yes: [page404, page410],
    no: [post500, page200],
  },
  { pattern: "[ip, ..., bytes = 1534]", yes: [page404, "x 1534", "x 1534.0"], no: ["1534", page410] },
  { pattern: "[ip = 127.*, ...]", yes: [page404, "127.1"], no: ["x 127.1"] },
  { pattern: "[..., bytes]", yes: [page404, "x"], no: ["", "  "] },
  { pattern: "[]", yes: [page404, ""], no: [] },
  { pattern: "[ ... ]", yes: [page404, ""], no: [] },
  { pattern: "[ip,,user = frank, ...]", yes: ["1 2 frank", page404], no: ["1 frank"] },
  {
    pattern: '[..., request = "GET /index.html HTTP/1.0", status, bytes]',
    yes: [page404, page200],
    no: [post500],
  },
  { pattern: "[a, b, time = 10/Oct*, ...]", yes: ["x y [10/Oct/2000 z]"], no: ["x y 11/Oct"] },
  { pattern: "[w1=ERROR, w2]", yes: [failure, "ERROR x"], no: [infoGet, warning, "ERROR"] },
  { pattern: "[w1=ERROR]", yes: ["ERROR", " ERROR ", "[ERROR]", '"ERROR"'], no: [failure] },
  { pattern: "[w1=ERROR || w1=WARNING, w2]", yes: [failure, warning], no: [infoGet] },
  { pattern: "[w1=ERROR || w1=%WARN%, w2]", yes: [failure, warning], no: [infoGet] },
  { pattern: "[w1!=ERROR && w1!=WARNING, w2]", yes: [infoGet, infoPart], no: [failure, warning] },
  { pattern: "[(w1=ERROR || w1=WARNING) && w1!=W*, w2]", yes: [failure], no: [warning] },
  {
    pattern: "[level, date, time, method, url=%/service/resource/[0-9]+$%, response_time]",
    yes: [infoGet],
    no: [infoPart, failure],
  },
  {
    pattern: "[level, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, response_time]",
    yes: [infoPart],
    no: [infoGet],
  },
  { pattern: '[level, rest = "a b  c"]', yes: ['INFO "a b  c"'], no: ["INFO a b  c"] },
  { pattern: '[level, rest = "a b c"]', yes: ["INFO a b c", "INFO a   b\tc"], no: ["INFO a b"] },
  { pattern: "[a, b != 5]", yes: ["x 6", "x y", "x 5 5"], no: ["x 5", "x 5.0"] },
  { pattern: "[a = 1, ...]", yes: ["1", "[1] x", "1e0 x"], no: ["01", "1x", '" 1"'] },
  { pattern: "[a = é*, ...]", yes: ["étude x"], no: ["etude"] },
  {
    pattern: "[first, second = two, ...]",
    yes: ["[one]two", "\tone\ttwo\nthree", '"one"two'],
    no: ['one"two"'],
  },
  { pattern: "[quote = *, ...]", yes: ['"unterminated words', "[unclosed", '"', "[]"], no: [""] },
  {
    pattern:
      "[version, account, eni, source, destination, srcport, destport=22, protocol=6, packets, bytes, start, end, action=REJECT, status]",
    yes: ["2 123456789010 eni-1 10.0.0.1 10.0.0.2 20641 22 6 20 4249 1418530010 1418530070 REJECT OK"],
    no: ["2 123456789010 eni-1 10.0.0.1 10.0.0.2 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK"],
  },
];

export const patternCases: readonly PatternCase[] = [...terms, ...expressions, ...json, ...fields];

/** Patterns that are refused, with the place where they go wrong, counted from 1. */
export const badPatterns: readonly (readonly [pattern: string, position: number])[] = [
  ["hello-world", 1],
  ["ERR*", 1],
  ["user.id", 1],
  ["ERROR && WARN", 7],
  ["$.a = 1", 1],
  ['"unclosed', 1],
  ['ERROR "a""b"', 10],
  ['"a"b', 4],
  ["ERROR -", 8],
  ["ERROR ?", 8],
  ["- ERROR", 2],
  ['-""', 2],
  ["--ERROR", 2],
  ["%%", 1],
  ["%abc", 1],
  ["%something!%", 11],
  ["%(ab)+%", 2],
  ["%café%", 5],
  ["%\\p%", 2],
  ["%\\(ab\\)%", 2],
  ["%\\x4%", 2],
  ["%[abc%", 1],
  ["%a{3000}%", 1],
  ["%a{600}b{600}%", 1],
  ["%a**%", 1],
  ["%a% %b% %c%", 9],
  ["{", 2],
  ["{}", 2],
  ["{ $.a = }", 9],
  ["{ $.a }", 7],
  ["{ $.a = 1", 10],
  ["{ $.a = 1 } trailing", 13],
  ["{ a = 1 }", 3],
  ["{ $.a == 1 }", 8],
  ["{ $.a = 1 && }", 14],
  ["{ ($.a = 1 }", 12],
  ["{ $.a = 1) }", 10],
  ["{ $.a IS MAYBE }", 7],
  ["{ $.a EXISTS }", 7],
  ["{ $.a IS NOT NULL }", 7],
  ["{ !($.v = 1) }", 3],
  ["{ $.v > 0 AND $.v < 2 }", 11],
  ["{ $.a[x] = 1 }", 7],
  ["{ $.a[-1] = 1 }", 7],
  ["{ $.a[0:2] = 1 }", 8],
  ["{ $.x[99999999999999999999] = 1 }", 16],
  ["{ $..a = 1 }", 5],
  ["{ $[0] = 1 }", 3],
  ["{ $[*] = 1 }", 3],
  ["{ $ = 1 }", 3],
  ["{ $.a.[0] = 1 }", 6],
  ['{ $.a = "unterminated }', 9],
  ['{ $.a > "x" }', 9],
  ["{ $.a > x }", 9],
  ["{ $.a < %x% }", 9],
  ["{ $.a = %(x)% }", 10],
  ["{ $.items[*].* = 1 }", 3],
  ["{ $.a[*] = 1 || $.b[*] = 1 || $.* = 1 || $.c[*] = 1 }", 42],
  ["{ $.v = %a% || $.v = %b% || $.v = %c% }", 35],
  [`{ ${"(".repeat(60)}$.a = 1${")".repeat(60)} }`, 54],
  ['{ "v": [1] }', 3],
  ["[a, ..., b, ..., c]", 13],
  ["[a, a]", 5],
  ["[a = ]", 6],
  ["[a, b", 6],
  ["[a, b] trailing", 8],
  ["[a = 1 ||]", 10],
  ["[1a]", 2],
  ["[a, b=x || c=y]", 12],
  ["[a || b]", 4],
  ["[a > x]", 6],
  ["[a=%x%, b=%y%, c=%z%]", 18],
  ["x".repeat(1025), 1025],
];
