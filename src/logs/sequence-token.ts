/** 56 digits, as the real service still sends them; nobody has to give one back. */
export function sequenceToken(streamId: number, ingestionMs: number): string {
  return `49${String(streamId).padStart(24, "0")}${String(ingestionMs).padStart(30, "0")}`;
}
