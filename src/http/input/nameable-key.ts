const namedCharactersMax = 64;
/** Without a separator; AWS's secrets have 40, our longest field has 25. */
const runCharactersMax = 31;

/** Beginnings that only keys and tokens have. */
const secretBeginnings = /^(AKIA|ASIA|AROA|AIDA|nepho_|gh[opsu]_|xox|sk-|eyJ)/;

/**
 * A key of a caller's object as an error may name it. People paste secrets into the wrong place, a field's name among them,
 * and errors are logged and shown: what is long, odd or like a secret is told by its length only.
 */
export function nameKey(key: string): string {
  return isNameable(key) ? key : `(a name of ${key.length} characters)`;
}

export function isNameable(key: string): boolean {
  if (key.length > namedCharactersMax || !/^[A-Za-z_~@$][\w.:-]*(\[\])?$/.test(key)) return false;
  return !secretBeginnings.test(key) && !isRandomText(key);
}

/** Names are made of words; what a generator makes changes between letters and digits, or between cases, all the time. */
function isRandomText(key: string): boolean {
  const digitChanges = key.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  if (digitChanges > 2) return true;
  return key
    .split(/[._:-]/)
    .some((run) => run.length > runCharactersMax || (run.length >= 16 && meanWordLength(run) < 3));
}

function meanWordLength(run: string): number {
  const words = run.match(/[A-Z]*[a-z]+|[A-Z]+|\d+/g) ?? [run];
  return run.length / words.length;
}
