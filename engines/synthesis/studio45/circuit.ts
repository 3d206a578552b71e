import { DEVICE, type Device } from './device.ts';
import {
  columnsOf,
  conductingPath,
  conducts,
  endWidthUm,
  leaves,
  offCurrentNa,
  type Stage,
  weakestKohm,
} from './network.ts';

/** Nodes that never move. */
export const GROUND = 'GND';
export const SUPPLY = 'VDD';

export type Values = Record<string, 0 | 1>;

/** What a node did after an input's edge. */
export interface Move {
  node: string;
  value: 0 | 1;
  atPs: number;
  slewPs: number;
  energyFj: number;
  owner?: string;
}

interface Pending {
  node: number;
  value: 0 | 1;
  atPs: number;
  slewPs: number;
  energyFj: number;
}

/**
 * The stages of a cell. Capacitances follow from widths; states are settled and edges followed stage by stage, as an event
 * simulation whose delays are those of the device model.
 */
export class Circuit {
  readonly nodes: string[];
  readonly areaUm2: number;
  readonly #stages: readonly Stage[];
  readonly #index = new Map<string, number>();
  readonly #readers: number[][];
  readonly #driver: (number | undefined)[];
  /** What a node's own transistors and wire weigh: gates it feeds, diffusion of its driver. */
  readonly #ownFf: number[];

  constructor(inputs: readonly string[], stages: readonly Stage[]) {
    this.#stages = stages;
    this.nodes = [GROUND, SUPPLY, ...inputs, ...stages.map((stage) => stage.output)];
    for (const [at, node] of this.nodes.entries()) this.#index.set(node, at);
    this.#readers = this.nodes.map(() => []);
    this.#driver = this.nodes.map(() => undefined);
    this.#ownFf = this.nodes.map(() => DEVICE.wireFf);
    for (const [number, stage] of stages.entries()) {
      const output = this.#at(stage.output);
      this.#driver[output] = number;
      this.#ownFf[output] =
        (this.#ownFf[output] ?? 0) + DEVICE.diffusionFfPerUm * (endWidthUm(stage.pullDown) + endWidthUm(stage.pullUp));
      for (const { gate, widthUm } of [...leaves(stage.pullDown), ...leaves(stage.pullUp)]) {
        const node = this.#at(gate);
        this.#ownFf[node] = (this.#ownFf[node] ?? 0) + DEVICE.gateFfPerUm * widthUm;
        const readers = this.#readers[node];
        if (readers && !readers.includes(number)) readers.push(number);
      }
    }
    const columns = stages.reduce((sum, stage) => sum + columnsOf(stage), 0);
    this.areaUm2 = (columns + 1) * DEVICE.columnUm * DEVICE.rowHeightUm;
  }

  #at(node: string): number {
    const at = this.#index.get(node);
    if (at === undefined) throw new Error(`The cell has no node ${node}.`);
    return at;
  }

  /** Gates at a node, its wire, and the diffusion of what drives it. */
  capacitanceFf(node: string): number {
    return this.#ownFf[this.#at(node)] ?? 0;
  }

  /** Load that the weaker network of a stage drives with a given slew. */
  loadForSlewFf(node: string, slewPs: number, device: Device): number {
    const stage = this.#stages[this.#driver[this.#at(node)] ?? -1];
    if (!stage) throw new Error(`Nothing drives ${node}.`);
    const weakest = Math.max(
      weakestKohm(stage.pullDown, device.resistanceKohmUm.n),
      weakestKohm(stage.pullUp, device.resistanceKohmUm.p),
    );
    // A step at the input: slew = slewPs(RC, 0), which is proportional to RC.
    return slewPs / (device.slewPs(1, 0) * weakest) - this.capacitanceFf(node);
  }

  /** Follows the inputs' values through the cell, one after the other, from the state `before` (all 0 when absent). */
  settle(steps: readonly Values[], before?: Values): Values {
    const values: Values = { ...Object.fromEntries(this.nodes.map((node) => [node, 0])), [SUPPLY]: 1, ...before };
    for (const step of steps) {
      Object.assign(values, step);
      let moved = true;
      for (let round = 0; moved; round++) {
        if (round > 50) throw new Error('The cell does not settle.');
        moved = false;
        for (const stage of this.#stages) {
          const next = evaluate(stage, (node) => values[node] ?? 0);
          if (next === undefined || next === values[stage.output]) continue;
          values[stage.output] = next;
          moved = true;
        }
      }
    }
    return values;
  }

  /** What moves when an input of a settled cell changes. `loadFf` lies at every output pin in `loaded`. */
  edge(
    state: Values,
    input: string,
    slewPs: number,
    device: Device,
    loaded: readonly string[] = [],
    loadFf = 0,
  ): Move[] {
    const values = this.nodes.map((node) => state[node] ?? 0);
    const slews = this.nodes.map(() => 0);
    const external = this.nodes.map((node) => (loaded.includes(node) ? loadFf : 0));
    const pending: Pending[] = [];
    const moves: Move[] = [];
    const read = (node: string): 0 | 1 => (values[this.#at(node)] === 1 ? 1 : 0);

    const fire = (moved: number, atPs: number) => {
      for (const number of this.#readers[moved] ?? []) {
        const stage = this.#stages[number];
        if (!stage) continue;
        const output = this.#at(stage.output);
        const waiting = pending.findIndex((it) => it.node === output);
        const expected = pending[waiting]?.value ?? values[output];
        const next = evaluate(stage, read);
        if (next === undefined || next === expected) continue;
        // What was about to happen no longer does.
        if (waiting >= 0) pending.splice(waiting, 1);
        if (next === values[output]) continue;
        const event = this.#respond(stage, next, this.nodes[moved] ?? '', slews[moved] ?? 0, read, device, external);
        pending.push({ ...event, node: output, value: next, atPs: atPs + event.atPs });
      }
    };

    const start = this.#at(input);
    values[start] = values[start] === 1 ? 0 : 1;
    slews[start] = slewPs;
    fire(start, 0);
    while (pending.length > 0) {
      let first = 0;
      for (let at = 1; at < pending.length; at++) {
        if ((pending[at]?.atPs ?? 0) < (pending[first]?.atPs ?? 0)) first = at;
      }
      const [event] = pending.splice(first, 1);
      if (!event) break;
      values[event.node] = event.value;
      slews[event.node] = event.slewPs;
      const { value, atPs, slewPs: slew, energyFj } = event;
      const owner = this.#stages[this.#driver[event.node] ?? -1]?.owner;
      moves.push({ node: this.nodes[event.node] ?? '', value, atPs, slewPs: slew, energyFj, owner });
      fire(event.node, event.atPs);
    }
    return moves;
  }

  #respond(
    stage: Stage,
    next: 0 | 1,
    cause: string,
    slewPs: number,
    read: (node: string) => 0 | 1,
    device: Device,
    external: readonly number[],
  ): { atPs: number; slewPs: number; energyFj: number } {
    const path =
      next === 0
        ? conductingPath(stage.pullDown, (node) => read(node) === 1, cause, device.resistanceKohmUm.n)
        : conductingPath(stage.pullUp, (node) => read(node) === 0, cause, device.resistanceKohmUm.p);
    const output = this.#at(stage.output);
    const ownFf = this.#ownFf[output] ?? 0;
    const rcPs = path.resistanceKohm * (ownFf + (external[output] ?? 0)) + path.innerPs;
    // Half of C V^2 is lost at every move; the load's own share is the switching power, which tools add themselves.
    const chargedFj = 0.5 * (ownFf + path.innerPs / path.resistanceKohm) * device.voltageV * device.voltageV;
    return {
      atPs: device.delayPs(rcPs, slewPs),
      slewPs: device.slewPs(rcPs, slewPs),
      energyFj: chargedFj + device.shortCircuitFj(path.resistanceKohm, rcPs, slewPs),
    };
  }

  /** Of a settled state: every network that holds a voltage. */
  leakageNw(state: Values, device: Device): number {
    let current = 0;
    for (const stage of this.#stages) {
      const down = (node: string) => state[node] === 1;
      const up = (node: string) => state[node] !== 1;
      const n = () => offCurrentNa(stage.pullDown, down, 'n', device);
      const p = () => offCurrentNa(stage.pullUp, up, 'p', device);
      const drivenLow = conducts(stage.pullDown, down);
      const drivenHigh = conducts(stage.pullUp, up);
      if (drivenLow) current += p();
      else if (drivenHigh) current += n();
      else current += Math.min(n(), p());
    }
    return current * device.voltageV;
  }
}

/** Undefined where the node keeps its value: no network conducts, or, while an edge passes, both do. */
function evaluate(stage: Stage, read: (node: string) => 0 | 1): 0 | 1 | undefined {
  const low = conducts(stage.pullDown, (node) => read(node) === 1);
  const high = conducts(stage.pullUp, (node) => read(node) === 0);
  if (low === high) return undefined;
  return low ? 0 : 1;
}
