/** How serious an event says it is, for a coloured edge: a hint for the eye and no part of the data. */
type Level = "fatal" | "error" | "warning" | "info" | "debug";

const words: readonly [Level, RegExp][] = [
  ["fatal", /^(fatal|critical|crit|alert|emerg|emergency|panic)$/i],
  ["error", /^(error|err|severe)$/i],
  ["warning", /^(warn|warning)$/i],
  ["info", /^(info|information|informational|notice)$/i],
  ["debug", /^(debug|trace|verbose|fine|finer|finest)$/i],
];

const namedLevel =
  /"(?:level|severity|severityText|severity_text|log\.level|loglevel|lvl)"\s*:\s*"([A-Za-z]{3,13})"/i;
const pairedLevel = /\b(?:level|severity|lvl)=["']?([A-Za-z]{3,13})/i;
const shoutedLevel = /\b(FATAL|CRITICAL|PANIC|ERROR|SEVERE|WARN|WARNING|INFO|NOTICE|DEBUG|TRACE)\b/;
const terminalColours = /\u001b\[[\d;]*m/g;
/** Only where levels stand; the word in the middle of a long message means nothing. */
const charactersRead = 2000;
const charactersShouted = 120;

export function levelOf(message: string): Level | undefined {
  const head = message.slice(0, charactersRead).replace(terminalColours, "");
  const word =
    namedLevel.exec(head)?.[1] ??
    pairedLevel.exec(head)?.[1] ??
    (head.startsWith("{") ? undefined : shoutedLevel.exec(head.slice(0, charactersShouted))?.[1]);
  return word === undefined ? undefined : words.find(([, expression]) => expression.test(word))?.[0];
}
