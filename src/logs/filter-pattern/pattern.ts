/** A filter pattern as it was read: everything that is written in it was found to be allowed. */
export type FilterPattern =
  | { readonly kind: "all" }
  | TermsPattern
  | { readonly kind: "json"; readonly condition: Logic<JsonTest> }
  | FieldsPattern;

/** Terms of plain text. Without `include`, one of `anyOf` has to be there, if there are any. */
export interface TermsPattern {
  readonly kind: "terms";
  readonly include: readonly Term[];
  readonly anyOf: readonly Term[];
  readonly exclude: readonly Term[];
}

export type Term =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "regex"; readonly source: string };

/** Fields that are set apart by spaces. With `after`, any number of fields stands between the two lists. */
export interface FieldsPattern {
  readonly kind: "fields";
  readonly before: readonly Field[];
  readonly after: readonly Field[] | undefined;
}

export interface Field {
  readonly name: string | undefined;
  readonly condition: Logic<ValueCheck> | undefined;
}

export type Logic<Test> =
  | { readonly kind: "and" | "or"; readonly parts: readonly Logic<Test>[] }
  | { readonly kind: "test"; readonly test: Test };

export interface JsonTest {
  /** At most one of the steps is a wildcard, and the first is a key or `anyMember`. */
  readonly selector: readonly Step[];
  readonly check: JsonCheck;
}

export type Step =
  | { readonly kind: "key"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "anyElement" }
  | { readonly kind: "anyMember" };

export type JsonCheck = ValueCheck | WordCheck | { readonly kind: "missing" };

export interface WordCheck {
  readonly kind: "is";
  readonly value: "null" | "true" | "false";
}

/** What a text or a number has to be like. */
export type ValueCheck =
  /** Pieces between asterisks; a single piece has to be the whole text. */
  | { readonly kind: "text"; readonly equal: boolean; readonly pieces: readonly string[] }
  /** `literal` is a number as JSON writes it. */
  | { readonly kind: "number"; readonly operator: NumberOperator; readonly literal: string }
  | { readonly kind: "regex"; readonly equal: boolean; readonly source: string };

export type NumberOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

export const patternCharactersMax = 1024;

/**
 * A text that counts as a number where a number is asked for. The bounds keep it within what a double can hold, so that both
 * ways of evaluating agree.
 */
export const numberExpression = /^-?(0|[1-9][0-9]{0,99})([.][0-9]{1,100})?([eE][+-]?[0-9]{1,2})?$/;

/** Why a pattern cannot be read. The message is a whole sentence for people who type patterns. */
export class FilterPatternProblem extends Error {
  /** Where it went wrong, counted from 1. */
  readonly position: number;
  /** What CloudWatch Logs answers. */
  readonly awsMessage: string;

  constructor(message: string, position: number, awsMessage = "Invalid filter pattern") {
    super(message);
    this.name = "FilterPatternProblem";
    this.position = position;
    this.awsMessage = awsMessage;
  }
}
