export type Fault = "Sender" | "Receiver";

/**
 * The only error that a handler throws at a wire protocol. `code` is the AWS name of the error, either as
 * the query protocol spells it (`InvalidParameterValue`) or as the name of the modelled shape; the dialect
 * writes whichever of the two its clients expect.
 */
export class ProtocolError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fault: Fault;
  /** Further members of the modelled error shape, written beside the message. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    options: {
      status?: number;
      members?: Readonly<Record<string, unknown>>;
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
    this.status = options.status ?? 400;
    this.fault = this.status >= 500 ? "Receiver" : "Sender";
    this.members = options.members ?? {};
    this.headers = options.headers ?? {};
  }
}
