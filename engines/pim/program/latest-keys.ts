/** Places of a block, a power of two. */
const BITS = 5;
const SIZE = 1 << BITS;

/** The largest key given to each of many places, in whole ranges: blocks that lie inside a range count as one. */
export class LatestKeys {
  /** By place: the largest key of ranges that took part of its block. */
  private readonly own: Int32Array;
  /** By block: the largest key of ranges that took all of it. */
  private readonly whole: Int32Array;
  /** By block: the largest key of any of its places. */
  private readonly any: Int32Array;

  /** Places 0 to `size` - 1, all with key 0. */
  constructor(size: number) {
    const blocks = Math.ceil(size / SIZE);
    this.own = new Int32Array(blocks * SIZE);
    this.whole = new Int32Array(blocks);
    this.any = new Int32Array(blocks);
  }

  /** The largest key in [from, to), but no less than `least`. */
  latest(from: number, to: number, least: number): number {
    let most = least;
    for (let at = from; at < to; ) {
      const block = at >> BITS;
      const end = (block + 1) << BITS;
      if (this.any[block]! <= most) at = end;
      else if (end - at === SIZE && end <= to) {
        most = this.any[block]!;
        at = end;
      } else {
        if (this.whole[block]! > most) most = this.whole[block]!;
        for (const stop = Math.min(end, to); at < stop; at++) if (this.own[at]! > most) most = this.own[at]!;
      }
    }
    return most;
  }

  /** Gives the places in [from, to) a key, where they have none larger. */
  raise(from: number, to: number, key: number): void {
    for (let at = from; at < to; ) {
      const block = at >> BITS;
      const end = (block + 1) << BITS;
      if (this.any[block]! < key) this.any[block] = key;
      if (this.whole[block]! >= key) at = end;
      else if (end - at === SIZE && end <= to) {
        this.whole[block] = key;
        at = end;
      } else {
        for (const stop = Math.min(end, to); at < stop; at++) if (this.own[at]! < key) this.own[at] = key;
      }
    }
  }
}
