/**
 * What CloudWatch Logs does with a pattern, as its documentation and observations of the service tell: messages that match and
 * messages that do not. Written for people who know the filter language.
 */
export interface PatternCase {
  readonly pattern: string;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}
