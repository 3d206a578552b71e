const FULL = -1;
/** Words of 32 slots in a page. */
const WORDS = 1024;
const SLOTS = WORDS * 32;

/** Slots of 32,768 ns in a row, some of them taken. */
interface Page {
  /** One bit a slot. */
  bits: Int32Array;
  /** By word: itself, or where the next word with a free slot may be (a union-find). */
  next: Int16Array;
  free: number;
}

/**
 * A bus that carries one unit in every nanosecond slot, booked in any order: a booking takes the first free slots at or
 * after its time. Pages are made when first booked and given up when full, and full words and pages are skipped by links,
 * so that neither long queues nor long times cost much.
 */
export class SlotBus {
  private readonly pages: (Page | typeof FULL | undefined)[] = [];
  /** By full page: where the next page with a free slot may be. */
  private readonly nextPage: number[] = [];

  /** Books `count` slots from `atNs` on; answers with the time from `atNs` to the end of the last one (0 for none). */
  book(atNs: number, count: number): number {
    if (count <= 0) return 0;
    let need = count;
    let index = Math.floor(atNs / SLOTS);
    let from = atNs - index * SLOTS;
    for (;;) {
      if (this.pages[index] === FULL) {
        index = this.skip(index);
        from = 0;
      }
      let page = this.pages[index] as Page | undefined;
      if (page === undefined && from === 0 && need > SLOTS) {
        need -= SLOTS;
        this.close(index);
      } else {
        if (page === undefined) {
          page = emptyPage();
          this.pages[index] = page;
        }
        const before = page.free;
        const end = take(page, from, need);
        need -= before - page.free;
        if (page.free === 0) this.close(index);
        if (need === 0) return index * SLOTS + end - atNs;
      }
      index += 1;
      from = 0;
    }
  }

  private close(index: number): void {
    this.pages[index] = FULL;
    this.nextPage[index] = index + 1;
  }

  private skip(index: number): number {
    let at = index;
    while (this.pages[at] === FULL) {
      const step = this.nextPage[at]!;
      if (this.pages[step] === FULL) this.nextPage[at] = this.nextPage[step]!;
      at = step;
    }
    return at;
  }
}

function emptyPage(): Page {
  const next = new Int16Array(WORDS + 1);
  for (let word = 0; word <= WORDS; word++) next[word] = word;
  return { bits: new Int32Array(WORDS), next, free: SLOTS };
}

/** Takes up to `count` free slots from slot `from` on; answers with the end of the last one. */
function take(page: Page, from: number, count: number): number {
  const { bits, next } = page;
  let need = count;
  let word = from >>> 5;
  let mask = FULL << (from & 31);
  let end = 0;
  for (;;) {
    if (next[word] !== word) {
      word = find(next, word);
      mask = FULL;
    }
    if (word >= WORDS) return end;
    const free = ~bits[word]! & mask;
    if (free !== 0) {
      const found = ones(free);
      const taken = found > need ? lowest(free, need) : free;
      bits[word]! |= taken;
      if (bits[word] === FULL) next[word] = word + 1;
      end = word * 32 + 32 - Math.clz32(taken);
      const got = Math.min(found, need);
      page.free -= got;
      need -= got;
      if (need === 0) return end;
    }
    word += 1;
    mask = FULL;
  }
}

function find(next: Int16Array, word: number): number {
  let at = word;
  while (next[at] !== at) {
    const step = next[at]!;
    next[at] = next[step]!;
    at = step;
  }
  return at;
}

function lowest(bits: number, count: number): number {
  let left = bits;
  let taken = 0;
  for (let i = 0; i < count; i++) {
    const bit = left & -left;
    taken |= bit;
    left ^= bit;
  }
  return taken;
}

function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
