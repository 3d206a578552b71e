import { FUNCTIONS, Op, type Program, Stage, type Trace } from './program/types.ts';

/** Mnemonics by code, as the instruction set names them. */
export const MNEMONICS: readonly string[] = Object.keys(Op);

/** Stages by code, written as the released listing writes them. */
export const STAGES: readonly string[] = Object.keys(Stage).map((it) => it.replace('_', '-'));

export interface ListingOptions {
  /** Names of the network's layers by index. */
  names?: readonly string[];
  /** When the instructions ran. */
  trace?: Trace;
}

/** Lines of a part of a file: enough to be written at once, little enough to hold. */
const PART = 2000;

/**
 * One instruction in our assembly: mnemonic, operands, and after the semicolon what it belongs to.
 *
 *     MVMUL  l[640+128] <- ag 17 . l[0+128]        ; conv1 r2 w14 MAIN g3 @ 61..847 ns
 *
 * `l[a+n]` are n elements of the core's local memory from address a on, `g[a+n]` of the chip's global memory.
 */
export function formatInstruction(program: Program, k: number, options: ListingOptions = {}): string {
  const text = `${MNEMONICS[program.op[k]!]!.padEnd(9)}${operands(program, k)}`;
  return `${text.padEnd(54)} ; ${belongs(program, k, options)}`;
}

function operands(program: Program, k: number): string {
  const n = program.elements[k]!;
  const times = program.repeats[k]!;
  const dst = program.dst[k]!;
  const src1 = program.src1[k]!;
  const src2 = program.src2[k]!;
  const op = program.op[k]!;
  const local = (address: number, length = n) => `l[${address}+${length}]`;
  switch (op) {
    case Op.LD:
      return `${local(dst)} <- g[${src1}+${n}]`;
    case Op.ST:
      return `g[${dst}+${n}] <- ${local(src1)}`;
    case Op.LMV:
      if (times === 1) return `${local(dst)} <- ${local(src1)}`;
      return `${local(dst, n * times)} <- ${times} x ${local(src1)}, stride ${program.stride[k]}`;
    case Op.LLDI:
      return `${local(dst)} <- ${immediate(program, k)}`;
    case Op.MVMUL:
      return `l[${dst}] <- ag ${program.ag[k]} . ${local(src1)}`;
    case Op.SEND:
      return `core ${program.peer[k]} <- ${local(src1)}, pair ${program.pair[k]}`;
    case Op.RECV:
      return `${local(dst)} <- core ${program.peer[k]}, pair ${program.pair[k]}`;
    case Op.VDOT: {
      const columns = times === 1 ? '' : `, ${times} columns, stride ${program.stride[k]}`;
      return `${local(dst, times)} <- ${local(src1)} . ${local(src2)}${columns}`;
    }
    case Op.VMULI:
    case Op.VADDI:
    case Op.VRSU:
    case Op.VRSL:
    case Op.VNORM:
    case Op.VRMS:
      return `${local(dst)} <- ${local(src1)}, ${immediate(program, k)}`;
    case Op.VFUN:
      return `${local(dst)} <- ${FUNCTIONS[program.immediate[k]!] ?? 'unknown'} ${local(src1)}`;
    default: {
      const second = src2 >= 0 ? `, ${local(src2)}` : '';
      return `${local(dst)} <- ${local(src1)}${second}`;
    }
  }
}

/** Single precision as it is held, in no more digits than tell it apart. */
function immediate(program: Program, k: number): string {
  return String(Number(program.immediate[k]!.toPrecision(7)));
}

function belongs(program: Program, k: number, { names, trace }: ListingOptions): string {
  const layer = program.layer[k]!;
  const words = [layer < 0 ? '' : (names?.[layer] ?? `layer ${layer}`)];
  if (program.replica[k]! >= 0) words.push(`r${program.replica[k]}`);
  if (program.window[k]! >= 0) words.push(`w${program.window[k]}`);
  words.push(STAGES[program.stage[k]!]!, `g${program.group[k]}`);
  if (trace) words.push(`@ ${trace.startNs[k]}..${trace.endNs[k]} ns`);
  return words.filter((it) => it !== '').join(' ');
}

/** The core whose program instruction `k` stands in. */
export function coreOf(program: Program, k: number): number {
  const { coreStart } = program;
  let low = 0;
  let high = program.cores;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (coreStart[middle]! <= k) low = middle;
    else high = middle;
  }
  return low;
}

/** The lines of instructions [from, to), made when asked: what a window on the screen shows. */
export function listing(program: Program, from: number, to: number, options: ListingOptions = {}): string[] {
  const first = Math.max(0, from);
  const last = Math.min(program.count, to);
  const lines: string[] = [];
  for (let k = first; k < last; k++) lines.push(formatInstruction(program, k, options));
  return lines;
}

/** The whole listing for a file, in parts; core by core, each under a line with its number. */
export function* listingText(program: Program, options: ListingOptions = {}): Generator<string> {
  for (let core = 0; core < program.cores; core++) {
    const from = program.coreStart[core]!;
    const to = program.coreStart[core + 1]!;
    if (from === to) continue;
    yield `; core ${core}: ${to - from} instructions\n`;
    for (let k = from; k < to; k += PART) yield `${listing(program, k, Math.min(k + PART, to), options).join('\n')}\n`;
  }
}

type Matches = (k: number) => boolean;

/**
 * A search over a program as words, all of which must hold: a mnemonic or its beginning ("vv"), a stage ("main-a"), a part
 * of a layer's name, or a number by what it is: "core:3", "ag:17", "pair:9", "group:2", "window:14", "replica:0",
 * "peer:5". Reads columns, not text, so a million instructions take milliseconds.
 */
export function search(program: Program, query: string, names: readonly string[] = []): (k: number) => boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = words.map((word) => matcher(program, word, names));
  return (k) => tests.every((test) => test(k));
}

/** The next instruction after `after` (before it, going back) that the search holds for; -1 where there is none. */
export function findNext(program: Program, matches: Matches, after: number, forward = true): number {
  const step = forward ? 1 : -1;
  for (let k = after + step; k >= 0 && k < program.count; k += step) if (matches(k)) return k;
  return -1;
}

const NUMBERED = {
  ag: 'ag',
  pair: 'pair',
  group: 'group',
  window: 'window',
  replica: 'replica',
  peer: 'peer',
} as const;

function matcher(program: Program, word: string, names: readonly string[]): Matches {
  const [key = '', value = ''] = word.split(':');
  if (/^\d+$/.test(value)) {
    const number = Number(value);
    if (key === 'core') {
      const from = program.coreStart[number] ?? program.count;
      const to = program.coreStart[number + 1] ?? from;
      return (k) => k >= from && k < to;
    }
    if (Object.hasOwn(NUMBERED, key)) {
      const column = program[NUMBERED[key as keyof typeof NUMBERED]];
      return (k) => column[k] === number;
    }
  }
  const codes = new Set(MNEMONICS.flatMap((it, code) => (it.toLowerCase().startsWith(word) ? [code] : [])));
  const stage = STAGES.findIndex((it) => it.toLowerCase() === word);
  const layers = new Set(names.flatMap((it, index) => (it.toLowerCase().includes(word) ? [index] : [])));
  return (k) => codes.has(program.op[k]!) || program.stage[k] === stage || layers.has(program.layer[k]!);
}
