import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { type AnswerStyle, countRejected, type IngestAnswer, jsonAnswer, rejectedText } from "./answer.ts";

export const protobufType = "application/x-protobuf";

/** In the request's own encoding: ExportLogsServiceResponse, or google.rpc.Status. */
export function otlpAnswers(mediaType: string | undefined): AnswerStyle {
  return mediaType === protobufType ? protobufAnswers : jsonAnswers;
}

const jsonAnswers: AnswerStyle = {
  accepted: (rejected) => {
    const count = countRejected(rejected);
    if (count === 0) return jsonAnswer(200, {});
    // 64-bit numbers are strings in protobuf's JSON; AWS's sample has a number, and every reader takes both.
    return jsonAnswer(200, {
      partialSuccess: { rejectedLogRecords: count, errorMessage: rejectedText(rejected) },
    });
  },
  refused: ({ spec, message }) => jsonAnswer(spec.status, { code: spec.rpc, message }),
};

const protobufAnswers: AnswerStyle = {
  accepted: (rejected) => {
    const count = countRejected(rejected);
    const writer = new BinaryWriter();
    if (count > 0) {
      writer.tag(1, WireType.LengthDelimited).fork();
      writer.tag(1, WireType.Varint).int64(count);
      writer.tag(2, WireType.LengthDelimited).string(rejectedText(rejected));
      writer.join();
    }
    return protobufAnswer(200, writer.finish());
  },
  refused: ({ spec, message }) => {
    const writer = new BinaryWriter();
    writer.tag(1, WireType.Varint).int32(spec.rpc);
    writer.tag(2, WireType.LengthDelimited).string(message);
    return protobufAnswer(spec.status, writer.finish());
  },
};

function protobufAnswer(status: number, body: Uint8Array): IngestAnswer {
  return { status, headers: { "content-type": protobufType }, body };
}
