/**
 * Groups of paths by number: the edge of the clock that launches them, whether they are still the clock itself, and the state of their
 * exceptions. `clock` -1: launched by none.
 */
export class Tags {
  readonly clock: number[] = [];
  readonly edge: number[] = [];
  readonly isClock: boolean[] = [];
  readonly state: number[] = [];
  readonly #known = new Map<number, number>();
  readonly #clocks: number;

  constructor(clocks: number) {
    this.#clocks = clocks + 1;
  }

  number(clock: number, edge: number, isClock: boolean, state: number): number {
    const key = (state * this.#clocks + clock + 1) * 4 + edge * 2 + (isClock ? 1 : 0);
    let tag = this.#known.get(key);
    if (tag === undefined) {
      tag = this.clock.length;
      this.clock.push(clock);
      this.edge.push(edge);
      this.isClock.push(isClock);
      this.state.push(state);
      this.#known.set(key, tag);
    }
    return tag;
  }
}
