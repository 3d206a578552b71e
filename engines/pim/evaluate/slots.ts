const FULL = -1;

/**
 * A bus that carries one unit in every nanosecond slot, booked in any order: a booking takes the first free slots at or
 * after its time. One bit a slot, and for words without a free bit a link to the next word that has one (union-find), so
 * that long queues are skipped and a second of bus time takes 250 MB at most where it is all booked.
 */
export class SlotBus {
  private bits = new Int32Array(1024);
  private next = new Int32Array(0);

  constructor() {
    this.link(0);
  }

  /** Books `count` slots from `atNs` on; answers with the time from `atNs` to the end of the last one (0 for none). */
  book(atNs: number, count: number): number {
    if (count <= 0) return 0;
    let need = count;
    let word = Math.floor(atNs / 32);
    let mask = FULL << (atNs - word * 32);
    for (;;) {
      if (word >= this.bits.length) this.grow(word);
      if (this.bits[word] === FULL) {
        word = this.free(word);
        mask = FULL;
        if (word >= this.bits.length) this.grow(word);
      }
      let free = ~this.bits[word]! & mask;
      if (free !== 0) {
        const found = ones(free);
        if (found >= need) {
          let taken = free;
          if (found > need) {
            taken = 0;
            for (let i = 0; i < need; i++) {
              const lowest = free & -free;
              taken |= lowest;
              free ^= lowest;
            }
          }
          this.take(word, taken);
          return word * 32 + 32 - Math.clz32(taken) - atNs;
        }
        this.take(word, free);
        need -= found;
      }
      word += 1;
      mask = FULL;
    }
  }

  private take(word: number, taken: number): void {
    this.bits[word]! |= taken;
    if (this.bits[word] === FULL) this.next[word] = word + 1;
  }

  /** The first word at or after `word` with a free slot. */
  private free(word: number): number {
    let at = word;
    while (at < this.next.length && this.next[at] !== at) {
      const step = this.next[at]!;
      if (step < this.next.length) this.next[at] = this.next[step]!;
      at = step;
    }
    return at;
  }

  private grow(word: number): void {
    const wider = new Int32Array(Math.max(this.bits.length * 2, word + 1));
    const old = this.bits.length;
    wider.set(this.bits);
    this.bits = wider;
    this.link(old);
  }

  private link(from: number): void {
    const wider = new Int32Array(this.bits.length);
    wider.set(this.next);
    for (let word = from; word < wider.length; word++) wider[word] = word;
    this.next = wider;
  }
}

function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
