import { NET_0, NET_1, OPEN } from './types.ts';

/** Nets that are found to be one are merged; two of them are the constants. */
export class NetSet {
  readonly #parent: number[] = [0, 1];

  /** The sets of the constants. */
  static readonly ZERO = 0;
  static readonly ONE = 1;

  add(): number {
    this.#parent.push(this.#parent.length);
    return this.#parent.length - 1;
  }

  /** The least number of a net's set, so that constants stay the constants. */
  find(net: number): number {
    let root = net;
    while (this.#parent[root] !== root) root = this.#parent[root] as number;
    for (let at = net; at !== root; ) {
      const next = this.#parent[at] as number;
      this.#parent[at] = root;
      at = next;
    }
    return root;
  }

  merge(a: number, b: number): void {
    const x = this.find(a);
    const y = this.find(b);
    if (x < y) this.#parent[y] = x;
    else this.#parent[x] = y;
  }

  /** Numbers the sets densely in their order: constants become NET_0 and NET_1; what was never added is OPEN. */
  number(): { count: number; of: (net: number) => number } {
    const dense = new Int32Array(this.#parent.length).fill(OPEN);
    let count = 0;
    for (let net = 0; net < dense.length; net++) {
      if (this.find(net) !== net) continue;
      dense[net] = net === NetSet.ZERO ? NET_0 : net === NetSet.ONE ? NET_1 : count++;
    }
    return { count, of: (net) => (net < 0 ? OPEN : (dense[this.find(net)] as number)) };
  }
}
