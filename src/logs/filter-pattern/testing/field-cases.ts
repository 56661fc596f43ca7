import type { PatternCase } from "./pattern-case.ts";

const page404 = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';
const page410 = '127.0.0.2 - jane [10/Oct/2000:13:25:16 -0700] "GET /index.html HTTP/1.0" 410 0';
const post500 = '127.0.0.3 - frank [10/Oct/2000:13:25:17 -0700] "POST /api HTTP/1.0" 500 2048';
const page200 = '127.0.0.4 - frank [10/Oct/2000:13:25:18 -0700] "GET /index.html HTTP/1.0" 200 100';
const infoGet = "INFO 09/25/2014 12:00:00 GET /service/resource/67 1200";
const infoPart = "INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310";
const warning = "WARNING 09/25/2014 12:00:02 Invalid user request";
const failure = "ERROR 09/25/2014 12:00:02 Failed to process request";

export const fieldCases: readonly PatternCase[] = [
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
