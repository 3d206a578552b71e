/** Gate and switch primitives of one direction (IEEE 1364-2005 sections 7.2..7.8) as a function of their inputs. */
import type * as ir from '../ir/types.ts';
import { behind, drivenAs, highZ, perhaps, type Strong } from './strength.ts';

/** Logic values are a | b << 1: 0, 1, z as 2, x as 3. Inputs that are z count as x. */
const X = 3;

function known(value: number): number {
  return value === 2 ? X : value;
}

function invert(value: number): number {
  return value === X ? X : 1 - value;
}

/** and, or, xor, buf and their inverses. All outputs are the same. */
export function gateValue(gate: ir.GateKind, inputs: readonly number[]): number {
  switch (gate) {
    case 'and':
    case 'nand': {
      let value = 1;
      for (const input of inputs) {
        if (input === 0) value = 0;
        else if (input !== 1 && value === 1) value = X;
      }
      return gate === 'and' ? value : invert(value);
    }
    case 'or':
    case 'nor': {
      let value = 0;
      for (const input of inputs) {
        if (input === 1) value = 1;
        else if (input !== 0 && value === 0) value = X;
      }
      return gate === 'or' ? value : invert(value);
    }
    case 'xor':
    case 'xnor': {
      let value = 0;
      for (const input of inputs) value = input > 1 || value === X ? X : value ^ input;
      return gate === 'xor' ? value : invert(value);
    }
    case 'not':
      return invert(known(inputs[0]!));
    default:
      return known(inputs[0]!);
  }
}

/** What the gate drives its output with. `data` is the level of the first input, for switches, which pass strengths. */
export function gateOutput(
  gate: ir.GateKind,
  inputs: readonly number[],
  data: Strong,
  strength: ir.DriveStrength,
): Strong {
  const { zero, one } = strength;
  switch (gate) {
    case 'bufif0':
    case 'bufif1':
    case 'notif0':
    case 'notif1': {
      const inverted = gate.startsWith('not');
      const value = inverted ? invert(known(inputs[0]!)) : known(inputs[0]!);
      const open = gate.endsWith('1') ? 0 : 1;
      const control = inputs[1]!;
      if (control === open) return highZ;
      const level = drivenAs(value, zero, one);
      return control > 1 ? perhaps(level) : level;
    }
    case 'nmos':
    case 'rnmos':
    case 'pmos':
    case 'rpmos': {
      const open = gate.endsWith('nmos') ? 0 : 1;
      return passed(data, inputs[1]! > 1 ? 2 : inputs[1] === open ? 0 : 1, gate.startsWith('r'));
    }
    case 'cmos':
    case 'rcmos': {
      const n = inputs[1]!;
      const p = inputs[2]!;
      const closed = n === 1 || p === 0;
      const open = n === 0 && p === 1;
      return passed(data, closed ? 1 : open ? 0 : 2, gate.startsWith('r'));
    }
    case 'pullup':
      return drivenAs(1, zero, one);
    case 'pulldown':
      return drivenAs(0, zero, one);
    default:
      return drivenAs(gateValue(gate, inputs), zero, one);
  }
}

/** `state`: 0 open, 1 closed, 2 not known. */
function passed(data: Strong, state: number, resistive: boolean): Strong {
  if (state === 0) return highZ;
  const level = behind(data, resistive);
  return state === 1 ? level : perhaps(level);
}

/** pullup and pulldown drive with pull strength where none is given; everything else strongly. */
export function strengthOfGate(gate: ir.Gate): ir.DriveStrength {
  if (gate.strength !== undefined) return gate.strength;
  return gate.gate.startsWith('pull') ? { zero: 5, one: 5 } : { zero: 6, one: 6 };
}
