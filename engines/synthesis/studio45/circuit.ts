import { DEVICE, type Device } from './device.ts';
import {
  columnsOf,
  conductingPath,
  conducts,
  endWidthUm,
  leaves,
  offCurrentNa,
  renamed,
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
  value: Bit;
  atPs: number;
  slewPs: number;
  energyFj: number;
}

type Bit = 0 | 1;

/**
 * The stages of a cell. Capacitances follow from widths; states are settled and edges followed stage by stage, as an event
 * simulation whose delays are those of the device model.
 */
export class Circuit {
  readonly nodes: string[];
  readonly areaUm2: number;
  readonly #stages: readonly Stage<number>[];
  readonly #index: ReadonlyMap<string, number>;
  /** By node: the stages that it feeds, and the one that drives it. */
  readonly #readers: Stage<number>[][];
  readonly #driver: (Stage<number> | undefined)[];
  /** What a node's own transistors and wire weigh: gates it feeds, diffusion of its driver. */
  readonly #ownFf: number[];

  constructor(inputs: readonly string[], stages: readonly Stage[]) {
    this.nodes = [GROUND, SUPPLY, ...inputs, ...stages.map((stage) => stage.output)];
    this.#index = new Map(this.nodes.map((node, at) => [node, at]));
    const number = (node: string) => this.#at(node);
    this.#stages = stages.map((stage) => ({
      output: number(stage.output),
      pullDown: renamed(stage.pullDown, number),
      pullUp: renamed(stage.pullUp, number),
      owner: stage.owner,
    }));
    this.#readers = this.nodes.map(() => []);
    this.#driver = this.nodes.map(() => undefined);
    this.#ownFf = this.nodes.map(() => DEVICE.wireFf);
    const weigh = (node: number, ff: number) => {
      this.#ownFf[node] = (this.#ownFf[node] ?? 0) + ff;
    };
    for (const stage of this.#stages) {
      this.#driver[stage.output] = stage;
      weigh(stage.output, DEVICE.diffusionFfPerUm * (endWidthUm(stage.pullDown) + endWidthUm(stage.pullUp)));
      for (const { gate, widthUm } of [...leaves(stage.pullDown), ...leaves(stage.pullUp)]) {
        weigh(gate, DEVICE.gateFfPerUm * widthUm);
        const readers = this.#readers[gate];
        if (readers && !readers.includes(stage)) readers.push(stage);
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
    const stage = this.#driver[this.#at(node)];
    if (!stage) throw new Error(`Nothing drives ${node}.`);
    const weakest = Math.max(
      weakestKohm(stage.pullDown, device.resistanceKohmUm.n),
      weakestKohm(stage.pullUp, device.resistanceKohmUm.p),
    );
    // A step at the input: the slew is proportional to RC.
    return slewPs / (device.slewPs(1, 0) * weakest) - this.capacitanceFf(node);
  }

  /** Follows the inputs' values through the cell, one after the other, from the state `before` (all 0 when absent). */
  settle(steps: readonly Values[], before: Values = {}): Values {
    const values = this.nodes.map((node): Bit => (node === SUPPLY ? 1 : (before[node] ?? 0)));
    for (const step of steps) {
      for (const [pin, value] of Object.entries(step)) values[this.#at(pin)] = value;
      let moved = true;
      for (let round = 0; moved; round++) {
        if (round > 50) throw new Error('The cell does not settle.');
        moved = false;
        for (const stage of this.#stages) {
          const next = evaluate(stage, values);
          if (next === undefined || next === values[stage.output]) continue;
          values[stage.output] = next;
          moved = true;
        }
      }
    }
    return Object.fromEntries(this.nodes.map((node, at) => [node, values[at] ?? 0]));
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
    const values = this.nodes.map((node): Bit => state[node] ?? 0);
    const slews = this.nodes.map(() => 0);
    const loadsFf = [...this.#ownFf];
    for (const node of loaded) loadsFf[this.#at(node)] = this.capacitanceFf(node) + loadFf;
    const pending: Pending[] = [];
    const moves: Move[] = [];

    const fire = (moved: number, atPs: number) => {
      for (const stage of this.#readers[moved] ?? []) {
        const waiting = pending.findIndex((it) => it.node === stage.output);
        const expected = pending[waiting]?.value ?? values[stage.output];
        const next = evaluate(stage, values);
        if (next === undefined || next === expected) continue;
        // What was about to happen no longer does.
        if (waiting >= 0) pending.splice(waiting, 1);
        if (next === values[stage.output]) continue;
        const event = this.#respond(stage, next, moved, slews[moved] ?? 0, values, device, loadsFf);
        event.atPs += atPs;
        pending.push(event);
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
      const { node, value, atPs, slewPs: slew, energyFj } = event;
      values[node] = value;
      slews[node] = slew;
      const owner = this.#driver[node]?.owner;
      moves.push({ node: this.nodes[node] ?? '', value, atPs, slewPs: slew, energyFj, owner });
      fire(node, atPs);
    }
    return moves;
  }

  /** How a stage answers the node that makes it conduct: from that node's edge on. */
  #respond(
    stage: Stage<number>,
    value: Bit,
    cause: number,
    slewPs: number,
    values: readonly Bit[],
    device: Device,
    loadsFf: readonly number[],
  ): Pending {
    const path =
      value === 0
        ? conductingPath(stage.pullDown, (node) => values[node] === 1, cause, device.resistanceKohmUm.n)
        : conductingPath(stage.pullUp, (node) => values[node] === 0, cause, device.resistanceKohmUm.p);
    const rcPs = path.resistanceKohm * (loadsFf[stage.output] ?? 0) + path.innerPs;
    // Half of C V^2 is lost at every move; the load's own share is the switching power, which tools add themselves.
    const ownFf = (this.#ownFf[stage.output] ?? 0) + path.innerPs / path.resistanceKohm;
    const chargedFj = 0.5 * ownFf * device.voltageV * device.voltageV;
    return {
      node: stage.output,
      value,
      atPs: device.delayPs(rcPs, slewPs),
      slewPs: device.slewPs(rcPs, slewPs),
      energyFj: chargedFj + device.shortCircuitFj(path.resistanceKohm, rcPs, slewPs),
    };
  }

  /** Of a settled state: every network that holds a voltage. */
  leakageNw(state: Values, device: Device): number {
    const values = this.nodes.map((node): Bit => state[node] ?? 0);
    const down = (node: number) => values[node] === 1;
    const up = (node: number) => values[node] === 0;
    let current = 0;
    for (const stage of this.#stages) {
      const n = () => offCurrentNa(stage.pullDown, down, 'n', device);
      const p = () => offCurrentNa(stage.pullUp, up, 'p', device);
      if (conducts(stage.pullDown, down)) current += p();
      else if (conducts(stage.pullUp, up)) current += n();
      else current += Math.min(n(), p());
    }
    return current * device.voltageV;
  }
}

/** Undefined where the node keeps its value: no network conducts, or, while an edge passes, both do. */
function evaluate(stage: Stage<number>, values: readonly Bit[]): Bit | undefined {
  const low = conducts(stage.pullDown, (node) => values[node] === 1);
  const high = conducts(stage.pullUp, (node) => values[node] === 0);
  if (low === high) return undefined;
  return low ? 0 : 1;
}
