/** `admin` of `arn:aws:iam::000000000000:user/admin`; anything else as it is. */
export function principalName(arn: string): string {
  return /^arn:[^:]*:iam::\d*:(?:user\/)?(.+)$/.exec(arn)?.[1] ?? arn;
}
