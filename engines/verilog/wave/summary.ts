/** Entries under one cell of the next level. */
const FAN = 16;

/**
 * Least and greatest of any stretch of a growing list, found without a look at each of its entries: levels of cells, each
 * over 16 of the level below. Entries without a value (undefined) are passed over.
 */
export class MinMax {
  private readonly levels: { least: number[]; greatest: number[] }[] = [];

  /** @param read of an entry; must not change for entries before the last of `count`. */
  constructor(private readonly read: (entry: number) => number | undefined) {}

  /** Of entries `from` to before `to`, of a list that has `count` so far. Undefined: none has a value. */
  range(from: number, to: number, count: number): { least: number; greatest: number } | undefined {
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    const see = (low: number, high: number) => {
      if (low < least) least = low;
      if (high > greatest) greatest = high;
    };
    let level = -1;
    let start = Math.max(0, from);
    let end = Math.min(to, count);
    while (start < end) {
      while (start < end && start % FAN !== 0) this.visit(level, start++, see);
      while (end > start && end % FAN !== 0) this.visit(level, --end, see);
      if (start >= end) break;
      start /= FAN;
      end /= FAN;
      level++;
      this.fill(level, end);
    }
    return least <= greatest ? { least, greatest } : undefined;
  }

  private visit(level: number, index: number, see: (low: number, high: number) => void): void {
    if (level >= 0) {
      const { least, greatest } = this.levels[level]!;
      see(least[index]!, greatest[index]!);
      return;
    }
    const value = this.read(index);
    if (value !== undefined) see(value, value);
  }

  /** Makes the cells of a level up to `end`; all that is under them is final. */
  private fill(level: number, end: number): void {
    this.levels[level] ??= { least: [], greatest: [] };
    if (level > 0) this.fill(level - 1, end * FAN);
    const { least, greatest } = this.levels[level]!;
    for (let cell = least.length; cell < end; cell++) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let index = cell * FAN; index < (cell + 1) * FAN; index++) {
        this.visit(level - 1, index, (one, other) => {
          if (one < low) low = one;
          if (other > high) high = other;
        });
      }
      least.push(low);
      greatest.push(high);
    }
  }
}
