/** The part of IAM's policy language that managed policies use; the documents are valid IAM JSON. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** Operation names, with `*` and `?`. As in IAM, case does not matter. */
  readonly Action: readonly string[];
  readonly Resource: "*";
}

export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}
