/** CloudWatch's units as UCUM writes them, which is what OTLP asks for. */
const ucum: Readonly<Record<string, string>> = {
  Seconds: "s",
  Microseconds: "us",
  Milliseconds: "ms",
  Bytes: "By",
  Kilobytes: "kBy",
  Megabytes: "MBy",
  Gigabytes: "GBy",
  Terabytes: "TBy",
  Bits: "bit",
  Kilobits: "kbit",
  Megabits: "Mbit",
  Gigabits: "Gbit",
  Terabits: "Tbit",
  Percent: "%",
  Count: "1",
};

/** A unit that is not CloudWatch's is passed on as it is; `None` is no unit. */
export function ucumOf(unit: string): string {
  if (unit === "None") return "";
  const [amount = "", per] = unit.split("/");
  const known = Object.hasOwn(ucum, amount) ? ucum[amount] : undefined;
  if (known === undefined) return unit;
  return per === "Second" ? `${known}/s` : known;
}
