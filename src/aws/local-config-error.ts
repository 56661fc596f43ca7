/** Something on this server is missing or not allowed; AWS was not asked. The message is fit for the user. */
export class LocalConfigError extends Error {
  override readonly name = "LocalConfigError";
}
