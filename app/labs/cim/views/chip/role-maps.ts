import type { ArrayRole } from '../../../../../engines/cim/place.ts';

export const ROLES = ['compute', 'input', 'output', 'shared', 'idle'] as const satisfies readonly ArrayRole['role'][];
export type Role = (typeof ROLES)[number];

const MEMORY = 8;
const SWITCHED = 16;

/** What every array of the chip is while a segment runs: by address, packed, so that thousands of segments are kept. */
export class Roles {
  private readonly bits: Uint8Array;
  private readonly operators: Int32Array;
  private readonly others: Int32Array;

  constructor(arrays: readonly ArrayRole[]) {
    this.bits = new Uint8Array(arrays.length);
    this.operators = new Int32Array(arrays.length).fill(-1);
    this.others = new Int32Array(arrays.length).fill(-1);
    for (const [at, { mode, role, operator = -1, other = -1, switched }] of arrays.entries()) {
      this.bits[at] = ROLES.indexOf(role) | (mode === 'memory' ? MEMORY : 0) | (switched ? SWITCHED : 0);
      this.operators[at] = operator;
      this.others[at] = other;
    }
  }

  get count(): number {
    return this.bits.length;
  }

  role(array: number): Role {
    return ROLES[this.bits[array]! & 7]!;
  }

  /** It stands in memory mode. */
  remembers(array: number): boolean {
    return (this.bits[array]! & MEMORY) !== 0;
  }

  /** It changed its mode on the way into the segment. */
  switched(array: number): boolean {
    return (this.bits[array]! & SWITCHED) !== 0;
  }

  /** The operator that it serves; of a shared array the one whose outputs it takes. */
  operator(array: number): number | undefined {
    const found = this.operators[array]!;
    return found < 0 ? undefined : found;
  }

  /** Of a shared array: the operator whose inputs it gives. */
  other(array: number): number | undefined {
    const found = this.others[array]!;
    return found < 0 ? undefined : found;
  }

  serves(array: number, operator: number): boolean {
    return this.operators[array] === operator || this.others[array] === operator;
  }
}

/** Milliseconds that placing may take of one frame. */
const BUDGET_MS = 8;

/** The roles of a plan's segments, placed as they are asked for: each rests on the one before. */
export class RoleMaps {
  private readonly maps: Roles[] = [];

  constructor(private readonly source: Iterator<readonly ArrayRole[]>) {}

  /** How many are known: those of the first segments. */
  get known(): number {
    return this.maps.length;
  }

  at(segment: number): Roles | undefined {
    return this.maps[segment];
  }

  /** Places on up to a segment, for no longer than a frame allows. False: more is to be done. */
  reach(segment: number, now: () => number = () => performance.now()): boolean {
    const end = now() + BUDGET_MS;
    while (this.maps.length <= segment) {
      const next = this.source.next();
      if (next.done) return true;
      this.maps.push(new Roles(next.value));
      if (this.maps.length <= segment && now() > end) return false;
    }
    return true;
  }

  /** The last segment, up to `segment`, on whose way in the array changed its mode. */
  lastSwitch(array: number, segment: number): number | undefined {
    for (let at = Math.min(segment, this.maps.length - 1); at >= 0; at--) if (this.maps[at]!.switched(array)) return at;
    return undefined;
  }
}
