import { useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { type LogFilter, tailLogEvents } from "../../api/logs.ts";
import { emptyTail, pauseBeforeNext, type TailBuffer, tailOf, withArrivals } from "./tail-buffer.ts";

export type TailState = "connecting" | "following" | "reconnecting" | "refused";

const limit = 1000;
/** So many full answers in a row mean that more comes in than can be followed, and not that there was a burst. */
const fullAnswersMost = 3;

/**
 * Follows what comes in, from now on. While it is paused nothing is asked; what came in meanwhile follows when it goes on.
 * Mount it anew for another filter.
 */
export function useLiveTail(filter: LogFilter, paused: boolean) {
  const [buffer, setBuffer] = useState<TailBuffer>(emptyTail);
  const [state, setState] = useState<TailState>("connecting");
  const [problem, setProblem] = useState<unknown>(null);
  const [fullAnswers, setFullAnswers] = useState(0);
  const cursor = useRef<string | undefined>(undefined);
  const question = useRef(filter);
  useEffect(() => {
    if (paused) return;
    const controller = new AbortController();
    let failures = 0;
    const askOnce = async (): Promise<number> => {
      try {
        const answer = await tailLogEvents(
          { ...question.current, limit, cursor: cursor.current },
          controller.signal,
        );
        const begins = cursor.current === undefined;
        const full = answer.items.length >= limit;
        cursor.current = answer.cursor;
        failures = 0;
        setState("following");
        setProblem(null);
        setBuffer((old) => (begins ? tailOf(answer.items) : withArrivals(old, answer.items, Date.now())));
        setFullAnswers((before) => (full ? before + 1 : 0));
        return pauseBeforeNext(full, 0);
      } catch (error) {
        if (controller.signal.aborted) return 0;
        failures += 1;
        setProblem(error);
        if (isRefusal(error)) controller.abort();
        setState(isRefusal(error) ? "refused" : "reconnecting");
        return pauseBeforeNext(false, failures);
      }
    };
    const follow = async () => {
      while (!controller.signal.aborted) await wait(await askOnce(), controller.signal);
    };
    void follow();
    return () => controller.abort();
  }, [paused]);
  return {
    buffer,
    state,
    problem,
    isBehind: fullAnswers >= fullAnswersMost,
    clear: () => setBuffer(emptyTail),
  };
}

/** Asking again would bring the same answer. */
const isRefusal = (error: unknown) =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;

function wait(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    signal.addEventListener("abort", done);
  });
}
