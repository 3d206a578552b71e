import { type BitFunction, chanceOf, densityOf, probabilityOf } from './bit-function.ts';
import type { Network, Node } from './network.ts';
import { groupsOf } from './order.ts';

/** How far loops are followed; see `POWER_ASSUMPTIONS`. */
export const PASSES = 60;
/** From this pass on, a new value counts half and the one before half. */
export const DAMPED_FROM = 8;
const SETTLED = 1e-6;
/** Gates between a register and itself that are looked through, nearest to its input first. */
export const LOOK_BACK = 128;

/** By slot. Values of fixed slots are given, those of all others are found. */
export interface Slots {
  probability: Float64Array;
  /** In a ns. */
  toggles: Float64Array;
  fixed: Uint8Array;
  /** In the clock network: only changes of its clocks count, not those of what gates them. */
  clock: Uint8Array;
  /** Clock cycles in a ns of the fastest clock that launches this slot. */
  rate: Float64Array;
}

/** The gates through which a register's next state hangs on the state itself, in the order of the signal. */
type Feedback = Extract<Node, { kind: 'gate' }>[];

/**
 * Finds probabilities and toggle rates of all slots that are not fixed, from those that are.
 *
 * Gates: inputs independent of each other; probability by the truth table, toggles by Najm's transition density (F. N. Najm, "Transition
 * density: a new measure of activity in digital circuits", IEEE TCAD 12(2), 1993): sum of P(df/dx) D(x), at most two in a clock cycle.
 *
 * Flip-flops: a Markov chain of the state. With n0, n1 = P(next state = 1) given state 0, 1: p = n0 / (1 - n1 + n0), and in each active
 * edge (1 - p) n0 + p (1 - n1) toggles; with D independent of the state that is p = P(D), 2 p (1 - p). Never more than D toggles.
 *
 * @returns how many loops were left before they had settled
 */
export function propagate(network: Network, slots: Slots): number {
  const propagation = new Propagation(network, slots);
  let left = 0;
  for (const group of groupsOf(network, slots.fixed)) if (!propagation.settle(group)) left++;
  return left;
}

class Propagation {
  private readonly feedbacks = new Map<Node, Feedback>();
  /** What slots are under a condition, where `stamp` has the condition's number; else as they are. */
  private readonly supposed: Float64Array;
  private readonly network: Network;
  private readonly slots: Slots;

  constructor(network: Network, slots: Slots) {
    this.network = network;
    this.slots = slots;
    this.supposed = slots.probability.slice();
  }

  /** @returns whether it settled within the passes */
  settle({ nodes, loop }: { nodes: number[]; loop: boolean }): boolean {
    const { fixed, probability, toggles, rate } = this.slots;
    const open = nodes.map((at) => this.network.nodes[at]!).filter(({ out }) => !fixed[out]);
    if (!loop) {
      for (const node of open) this.step(node, 1);
      return true;
    }
    // From above: a register of which nothing is known yet may toggle at each edge.
    for (const { out } of open) {
      probability[out] = 0.5;
      toggles[out] = rate[out]!;
    }
    for (const node of open) {
      if (node.kind === 'flip-flop' || node.kind === 'latch') this.feedbacks.set(node, this.feedbackOf(node, nodes));
    }
    for (let pass = 0; pass < PASSES; pass++) {
      let moved = false;
      for (const node of open) moved = this.step(node, pass < DAMPED_FROM ? 1 : 0.5) || moved;
      if (!moved) return true;
    }
    return false;
  }

  /** Brings a node up to date. @returns whether it moved */
  private step(node: Node, share: number): boolean {
    const { probability, toggles, rate } = this.slots;
    const { out } = node;
    const before = probability[out]!;
    const beforeToggles = toggles[out]!;
    const [p, found] = this.valueOf(node);
    const t = Math.min(found, 2 * rate[out]!);
    probability[out] = share === 1 ? p : before + share * (p - before);
    toggles[out] = share === 1 ? t : beforeToggles + share * (t - beforeToggles);
    return (
      Math.abs(probability[out]! - before) > SETTLED || Math.abs(toggles[out]! - beforeToggles) > SETTLED * rate[out]!
    );
  }

  private valueOf(node: Node): [probability: number, toggles: number] {
    const { probability, toggles, clock } = this.slots;
    switch (node.kind) {
      case 'gate': {
        const p = probabilityOf(node.of, probability);
        const density = clock[node.out] ? this.clockDensity(node.of) : densityOf(node.of, probability, toggles);
        return [p, node.off ? density * (1 - probabilityOf(node.off, probability)) : density];
      }
      case 'clock-gate': {
        const enabled = probabilityOf(node.enable, probability);
        const p = probability[node.clock]!;
        return [node.idle === 0 ? p * enabled : 1 - (1 - p) * enabled, toggles[node.clock]! * enabled];
      }
      case 'bus': {
        let driven = 0;
        let high = 0;
        let density = 0;
        node.drivers.forEach((slot, at) => {
          const off = node.off[at];
          const share = off ? 1 - probabilityOf(off, probability) : 1;
          driven += share;
          high += share * probability[slot]!;
          density += toggles[slot]!;
        });
        return [driven > 0 ? high / driven : 0.5, density];
      }
      case 'flip-flop':
        return this.flipFlop(node);
      case 'latch':
        return this.latch(node);
    }
  }

  /** Of a gate in the clock network: gating signals change while the gate is shut. */
  private clockDensity({ slots: read, differences }: BitFunction): number {
    const { probability, toggles, clock } = this.slots;
    let sum = 0;
    for (const [k, slot] of read.entries()) {
      if (clock[slot]) sum += toggles[slot]! * chanceOf(differences[k]!, read, probability);
    }
    return sum;
  }

  private flipFlop(node: Extract<Node, { kind: 'flip-flop' }>): [number, number] {
    const { probability, toggles } = this.slots;
    const edges = densityOf(node.clock, probability, toggles) / 2;
    const { low, high, p } = this.chain(node, node.next);
    const perEdge = (1 - p) * low + p * (1 - high);
    const density = this.external(node.out, densityOf(node.next, probability, toggles), low, high);
    return this.async(node, p, Math.min(edges * perEdge, density));
  }

  private latch(node: Extract<Node, { kind: 'latch' }>): [number, number] {
    const { probability, toggles } = this.slots;
    if (!node.data) return this.async(node, 0.5, 0);
    const open = node.enable ? probabilityOf(node.enable, probability) : 1;
    const openings = node.enable ? densityOf(node.enable, probability, toggles) / 2 : 0;
    const { low, high, p } = this.chain(node, node.data);
    const density = this.external(node.out, densityOf(node.data, probability, toggles), low, high);
    return this.async(node, p, Math.min(density, open * density + openings * 2 * p * (1 - p)));
  }

  /** P(next state = 1) given state 0 and 1, and the state's probability in the long run. */
  private chain(node: Node, next: BitFunction): { low: number; high: number; p: number } {
    const low = this.given(node, next, 0);
    const high = this.given(node, next, 1);
    const moves = 1 - high + low;
    // Of a state that nothing ever changes, nothing is known.
    return { low, high, p: moves > 1e-12 ? Math.min(1, low / moves) : 0.5 };
  }

  private given(node: Node, next: BitFunction, value: 0 | 1): number {
    const { probability } = this.slots;
    const feedback = this.feedbacks.get(node) ?? [];
    const { supposed } = this;
    const touched = [node.out, ...next.slots];
    for (const { of } of feedback) touched.push(...of.slots);
    for (const slot of touched) supposed[slot] = probability[slot]!;
    supposed[node.out] = value;
    for (const { out, of } of feedback) supposed[out] = probabilityOf(of, supposed);
    return probabilityOf(next, supposed);
  }

  /**
   * Toggles of the next state are an upper bound of those of the state, but hold the state's own: with D = e + c Q, the bound is
   * e / (1 - c). c is at least |n1 - n0|; where it is more, the passes do the rest.
   */
  private external(out: number, density: number, low: number, high: number): number {
    const own = Math.abs(high - low);
    if (own === 0 || own > 1 - 1e-9) return density;
    return Math.max(0, density - own * this.slots.toggles[out]!) / (1 - own);
  }

  /** Clear and preset over what the clock does: each time one comes it changes a state that is otherwise, which then comes back. */
  private async(
    { async: { clear, preset, both } }: Extract<Node, { kind: 'flip-flop' | 'latch' }>,
    p: number,
    rate: number,
  ): [number, number] {
    if (!clear && !preset) return [p, rate];
    const { probability, toggles } = this.slots;
    const a = clear ? probabilityOf(clear, probability) : 0;
    const b = preset ? probabilityOf(preset, probability) : 0;
    const free = (1 - a) * (1 - b);
    const clears = clear ? densityOf(clear, probability, toggles) * (1 - b) * p : 0;
    const presets = preset ? densityOf(preset, probability, toggles) * (1 - a) * (1 - p) : 0;
    return [free * p + b * (1 - a) + a * b * both, free * rate + clears + presets];
  }

  /** By breadth first, back from what the register reads; then those that the state reaches. */
  private feedbackOf(node: Node, members: readonly number[]): Feedback {
    const { nodes, driver } = this.network;
    const { fixed } = this.slots;
    const next = node.kind === 'flip-flop' ? node.next : node.kind === 'latch' ? node.data : undefined;
    if (!next) return [];
    const seen = new Set<number>();
    const queue: number[] = [];
    const reach = (slots: Int32Array): void => {
      for (const slot of slots) {
        const at = fixed[slot] ? -1 : driver[slot]!;
        if (at < 0 || seen.size >= LOOK_BACK || seen.has(at) || nodes[at]!.kind !== 'gate') continue;
        seen.add(at);
        queue.push(at);
      }
    };
    reach(next.slots);
    for (let i = 0; i < queue.length; i++) reach((nodes[queue[i]!] as Feedback[number]).of.slots);
    const place = this.placesOf(members);
    const order = [...seen].filter((at) => place.has(at)).sort((a, b) => place.get(a)! - place.get(b)!);
    const depends = new Set([node.out]);
    const found: Feedback = [];
    for (const at of order) {
      const gate = nodes[at] as Feedback[number];
      if (!gate.of.slots.some((slot) => depends.has(slot))) continue;
      depends.add(gate.out);
      found.push(gate);
    }
    return found;
  }

  private places: { of: readonly number[]; map: Map<number, number> } | undefined;

  private placesOf(members: readonly number[]): Map<number, number> {
    if (this.places?.of !== members) this.places = { of: members, map: new Map(members.map((at, i) => [at, i])) };
    return this.places.map;
  }
}
