/** A pen that somebody asked for: this tab has it, or waits for it. */
export interface Pen {
  /** True while this tab may write. */
  mine(): boolean;
  /** Gives it back, or stops waiting. */
  release(): void;
}

/**
 * One tab at a time writes a design. `take` answers at once whether the pen is free; when it is not, it waits, and
 * `onTurn(true)` says that it has come. `onTurn(false)` says that another tab has taken it (this one slept too long).
 */
export interface Pens {
  take(id: string, onTurn: (mine: boolean) => void): Promise<Pen>;
  /** Whether some tab, this one included, writes the design. */
  taken(id: string): Promise<boolean>;
  /** The page goes, or is put aside for the back button: all pens are given back. To be called after the last save. */
  sleep(): void;
  /** The page is back from where it was put aside: the pens are asked for again. */
  wake(): void;
}

/** Pens among the desks of one page: for tests. */
export function memoryPens(): Pens {
  const queues = new Map<string, ((mine: boolean) => void)[]>();
  return {
    async take(id, onTurn) {
      const queue = queues.get(id) ?? [];
      queues.set(id, queue);
      queue.push(onTurn);
      return {
        mine: () => queue[0] === onTurn,
        release() {
          const index = queue.indexOf(onTurn);
          if (index < 0) return;
          queue.splice(index, 1);
          if (index === 0) queue[0]?.(true);
        },
      };
    },
    taken: async (id) => (queues.get(id)?.length ?? 0) > 0,
    sleep() {},
    wake() {},
  };
}
