/** What was started must be stopped, in the reverse order. */
export interface Releasers {
  add(name: string, release: () => Promise<void> | void): void;
  /** Runs all, last first; one failing does not keep the others from running. Safe to call twice. */
  release(onError: (name: string, error: unknown) => void): Promise<void>;
}

export function createReleasers(): Releasers {
  const stack: { name: string; release: () => Promise<void> | void }[] = [];
  return {
    add: (name, release) => {
      stack.push({ name, release });
    },
    release: async (onError) => {
      for (let next = stack.pop(); next; next = stack.pop()) {
        try {
          await next.release();
        } catch (error) {
          onError(next.name, error);
        }
      }
    },
  };
}
