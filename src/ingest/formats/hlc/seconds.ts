const plainSeconds = /^(-?)(\d{1,15})(?:\.(\d+))?$/;
const decimal = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Epoch seconds with any number of decimals, as whole milliseconds. Further digits are cut off, and the digits are never
 * multiplied as a fraction: 1730141374.001 is exactly …001. Undefined for what is no number.
 */
export function secondsToMs(text: string): number | undefined {
  const match = plainSeconds.exec(text);
  if (match) {
    const [, sign, seconds, fraction = ""] = match;
    const ms = Number(seconds) * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0"));
    return sign === "-" ? -ms : ms;
  }
  return decimal.test(text) ? Math.trunc(Number(text) * 1000) : undefined;
}
