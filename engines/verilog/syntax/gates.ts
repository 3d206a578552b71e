import type { GateType } from './ast.ts';

/** Gates proper, and pulls: they have a direction. */
const GATES = 'and nand or nor xor xnor buf not bufif0 bufif1 notif0 notif1 pullup pulldown';
/** Transistors and what is made of them. */
const SWITCHES = 'nmos pmos rnmos rpmos cmos rcmos tran rtran tranif0 tranif1 rtranif0 rtranif1';

const switches: ReadonlySet<string> = new Set(SWITCHES.split(' '));
const all: ReadonlySet<string> = new Set([...GATES.split(' '), ...switches]);

export function isGate(word: string): word is GateType {
  return all.has(word);
}

export function isSwitch(gate: string): boolean {
  return switches.has(gate);
}
