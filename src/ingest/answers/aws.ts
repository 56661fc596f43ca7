import { type AnswerStyle, countRejected, jsonAnswer, rejectedText } from "./answer.ts";

/** AWS's JSON endpoints. The format of HEC knows no partial success: what is too old is dropped without a word. */
export function awsAnswers(options: { reportsRejections: boolean }): AnswerStyle {
  return {
    accepted: (rejected) => {
      const count = countRejected(rejected);
      if (count === 0 || !options.reportsRejections) return jsonAnswer(200, {});
      return jsonAnswer(200, {
        partialSuccess: { rejectedLogRecords: count, errorMessage: rejectedText(rejected) },
      });
    },
    refused: ({ spec, message }) => jsonAnswer(spec.status, { __type: spec.aws, message }),
  };
}
