import type { Place, Problem } from '../../core/result.ts';
import type { LibraryCell } from '../liberty/types.ts';

/** Nets that are constants, and pins that are left open. */
export const NET_0 = -1;
export const NET_1 = -2;
export const OPEN = -3;

/**
 * A mapped netlist, flattened, every instance a cell of a library: what timing, power, SDF and activities work on. Names of instances are
 * paths joined by `/`, as timing tools write them ("u_alu/_123_"); bits of buses are `a[3]`.
 */
export interface GateNetlist {
  top: string;
  nets: GateNet[];
  ports: GatePort[];
  instances: GateInstance[];
  /** What was found on the way that is no error: nets that nothing drives, bits that are `x`. */
  problems?: Problem[];
}

export interface GateNet {
  /** The name a person would know it by: the user's own where there is one, the shortest; else Yosys'. */
  name: string;
  /** All of the user's names of this net, paths joined by `.` as a simulator writes them ("u_alu.sum[3]"). */
  aliases: string[];
}

/** A bit of a port of the top module. */
export interface GatePort {
  name: string;
  direction: 'input' | 'output' | 'inout';
  net: number;
}

export interface GateInstance {
  name: string;
  cell: LibraryCell;
  /** Net of each pin, in the order of `cell.pins`. */
  pins: Int32Array;
  /** Module of the source that holds it ("alu #(WIDTH=8)"); the top for what a flattened netlist no longer tells apart. */
  module: string;
  /** Path of the instance of that module, joined by `.`; empty for the top. */
  scope: string;
  where?: Place;
}
