/** An entry of the balance heuristic's queue. */
export interface Waiting {
  mapped: number;
  /** Windows that each replica has to do. */
  windows: number;
}

/**
 * A binary max-heap on `windows`. Which of two equal entries comes first is not free: the published figures follow the
 * textbook heap whose removal lets the hole at the root sink to a leaf along the larger children (the right one where both
 * are equal), and only then lifts the last entry from there. This one does the same.
 */
export class WaitingHeap {
  private readonly items: Waiting[] = [];

  get top(): Waiting | undefined {
    return this.items[0];
  }

  push(item: Waiting): void {
    this.items.push(item);
    this.lift(this.items.length - 1, item);
  }

  pop(): Waiting | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    const size = items.length;
    let hole = 0;
    for (let right = 2; right < size; right = 2 * hole + 2) {
      const larger = items[right]!.windows < items[right - 1]!.windows ? right - 1 : right;
      items[hole] = items[larger]!;
      hole = larger;
    }
    const left = 2 * hole + 1;
    if (left === size - 1) {
      items[hole] = items[left]!;
      hole = left;
    }
    this.lift(hole, last);
    return top;
  }

  private lift(from: number, item: Waiting): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!(this.items[parent]!.windows < item.windows)) break;
      this.items[hole] = this.items[parent]!;
      hole = parent;
    }
    this.items[hole] = item;
  }
}
