import { Op, type OpCode } from '../../../../engines/pim/program/types.ts';
import type { ChartColour } from '../../../charts/BarChart.tsx';

/** What a core can be doing: the kinds in which reports sum times, and waiting. */
export const KINDS = ['mvm', 'vector', 'memory', 'transfer', 'wait'] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that instructions are of: a wait is the absence of one. */
export const WORK = ['mvm', 'vector', 'memory', 'transfer'] as const;

export const KIND_COLOURS: Record<Kind, ChartColour> = {
  mvm: 'c1',
  vector: 'c2',
  memory: 'c3',
  transfer: 'c4',
  wait: 'c8',
};

const OPS = Object.entries(Op) as [keyof typeof Op, OpCode][];

/** "MVMUL", by code. */
export const OP_NAMES: readonly string[] = OPS.reduce<string[]>((names, [name, code]) => {
  names[code] = name;
  return names;
}, []);

/** Index in `WORK`, by code of the operation. */
export const WORK_OF = Uint8Array.from(OP_NAMES, (_, code) => {
  if (code === Op.MVMUL) return 0;
  if (code === Op.LD || code === Op.ST || code === Op.LMV || code === Op.LLDI) return 2;
  return code === Op.SEND || code === Op.RECV ? 3 : 1;
});
