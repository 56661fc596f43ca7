/**
 * Who is next among many that wait: deficit round robin. Each flow in turn is given a quantum, saves it up while its first
 * item costs more, and goes on while its savings last. Over time all flows that wait get the same cost's worth, however many
 * items they have and however large these are.
 */
export interface FairQueue<T> {
  readonly size: number;
  add(flow: string, cost: number, item: T): Queued<T>;
  /** The item whose turn it is; the same one until it is removed. */
  peek(): Queued<T> | undefined;
  /** An item that was served pays for it; one that gave up does not. */
  remove(queued: Queued<T>, outcome: "served" | "gave up"): void;
}

export interface Queued<T> {
  readonly flow: string;
  readonly cost: number;
  readonly item: T;
}

interface Flow<T> {
  readonly waiting: Set<Queued<T>>;
  saved: number;
  /** Was given its quantum in this round. */
  visited: boolean;
}

export function createFairQueue<T>(quantum: number): FairQueue<T> {
  // The order of the map is that of the round; who has had its turn is put at the end.
  const flows = new Map<string, Flow<T>>();
  let size = 0;
  let chosen: Queued<T> | undefined;

  const choose = (): Queued<T> | undefined => {
    // Ends because every round brings each flow nearer to the cost of its first item.
    for (;;) {
      const [entry] = flows;
      if (!entry) return undefined;
      const [name, flow] = entry;
      const [first] = flow.waiting as Set<Queued<T>>;
      if (!flow.visited) flow.saved += quantum;
      flow.visited = true;
      if (first && flow.saved >= first.cost) return first;
      flow.visited = false;
      flows.delete(name);
      flows.set(name, flow);
    }
  };

  return {
    get size() {
      return size;
    },
    add: (name, cost, item) => {
      const queued = { flow: name, cost, item };
      const flow = flows.get(name) ?? { waiting: new Set(), saved: 0, visited: false };
      flow.waiting.add(queued);
      flows.set(name, flow);
      size++;
      return queued;
    },
    peek: () => {
      chosen ??= choose();
      return chosen;
    },
    remove: (queued, outcome) => {
      const flow = flows.get(queued.flow);
      if (!flow?.waiting.delete(queued)) return;
      size--;
      if (chosen === queued) chosen = undefined;
      if (outcome === "served") flow.saved -= queued.cost;
      // Nobody saves up while waiting for nothing.
      if (flow.waiting.size === 0) flows.delete(queued.flow);
    },
  };
}
