const FIRST = 64;

/**
 * The local memory of one core in latency mode (TCAD, section IV-D; facts 1.5): a first-fit heap of elements. Blocks are
 * given back as soon as no replica needs them, and neighbouring holes join. It has no upper end: `peak` says how much
 * memory the program takes, and whether a core has that much is for the caller to say.
 */
export class LocalHeap {
  /** Elements between the start of the memory and the end of the highest block there ever was. */
  peak = 0;
  /** Elements in use now. */
  inUse = 0;
  private holes = 1;
  /** Starts and sizes of the holes, by address; the last is endless. */
  private at = new Float64Array(FIRST);
  private size = new Float64Array(FIRST);
  private readonly reuse: boolean;

  /** `reuse` false: nothing is ever given back, which is what memory without management takes ("naive"). */
  constructor(reuse = true) {
    this.reuse = reuse;
    this.size[0] = Number.POSITIVE_INFINITY;
  }

  /** The lowest address with room for `elements`. */
  allocate(elements: number): number {
    const { at, size } = this;
    let hole = 0;
    while (size[hole]! < elements) hole++;
    const address = at[hole]!;
    at[hole] = address + elements;
    size[hole] = size[hole]! - elements;
    if (size[hole] === 0) this.remove(hole);
    this.inUse += elements;
    if (address + elements > this.peak) this.peak = address + elements;
    return address;
  }

  /** `address` and `elements` must be those of a block that is in use. */
  free(address: number, elements: number): void {
    if (!this.reuse) return;
    this.inUse -= elements;
    const next = this.holeAfter(address);
    const { at, size } = this;
    const joinsNext = at[next] === address + elements;
    const joinsLast = next > 0 && at[next - 1]! + size[next - 1]! === address;
    if (joinsLast) {
      size[next - 1] = size[next - 1]! + elements;
      if (joinsNext) {
        size[next - 1] = size[next - 1]! + size[next]!;
        this.remove(next);
      }
    } else if (joinsNext) {
      at[next] = address;
      size[next] = size[next]! + elements;
    } else {
      this.insert(next, address, elements);
    }
  }

  /** The first hole above an address. There always is one: the endless hole at the top. */
  private holeAfter(address: number): number {
    let low = 0;
    let high = this.holes - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at[middle]! > address) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private remove(hole: number): void {
    this.at.copyWithin(hole, hole + 1, this.holes);
    this.size.copyWithin(hole, hole + 1, this.holes);
    this.holes--;
  }

  private insert(hole: number, address: number, elements: number): void {
    if (this.holes === this.at.length) {
      this.at = wider(this.at);
      this.size = wider(this.size);
    }
    this.at.copyWithin(hole + 1, hole, this.holes);
    this.size.copyWithin(hole + 1, hole, this.holes);
    this.at[hole] = address;
    this.size[hole] = elements;
    this.holes++;
  }
}

function wider(values: Float64Array): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(values.length * 2);
  twice.set(values);
  return twice;
}
