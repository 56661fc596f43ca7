import { type AnswerStyle, type IngestAnswer, jsonAnswer } from "./answer.ts";

/** Splunk's HTTP event collector: its codes, texts and statuses, and what is wrong in our words beside them. */
export const splunkAnswers: AnswerStyle = {
  accepted: () => jsonAnswer(200, { text: "Success", code: 0 }),
  refused: ({ spec, message }) => {
    const { code, text, status = spec.status } = spec.splunk;
    return jsonAnswer(status, { text, code, message });
  },
};

/** Senders ask before they send, some of them every few seconds. */
export function splunkHealth(healthy: boolean): IngestAnswer {
  return healthy
    ? jsonAnswer(200, { text: "HEC is healthy", code: 17 })
    : jsonAnswer(503, { text: "HEC is unhealthy, queues are full", code: 18 });
}
