import { STAGES } from '../listing.ts';
import type { AgTable } from '../types.ts';
import { Op, type Program, type Trace } from './types.ts';

/** Mnemonics of the released listing where they differ from ours; stand-alone sigmoids have none of their own here. */
const RELEASED: Partial<Record<number, string>> = { [Op.VVSUB]: 'VSUB', [Op.VSIGM]: 'VSIGMOID' };

const NAMES = Object.entries(Op).map(([name, code]) => RELEASED[code] ?? name);

/**
 * The program in the form of the listing that PIMCOMP-NN writes with its evaluation: group by group, core by core, one
 * instruction a line with the same field names, so that its users' tools read it. `node` is the index of our layer. A
 * strided copy becomes a copy per piece; instructions beyond the released set keep our mnemonic (see `beyondReleased`).
 * Parts of text to be written one after the other.
 */
export function* releasedListing(program: Program, ags: AgTable, trace?: Trace): Generator<string> {
  const { group, coreStart, cores } = program;
  const at = coreStart.slice(0, cores);
  for (let g = 0; g < program.groups; g++) {
    const rule = '='.repeat(41);
    const lines = [`${rule} base instruction_group ${g} ${rule}`];
    for (let core = 0; core < cores; core++) {
      const end = coreStart[core + 1]!;
      let k = at[core]!;
      if (k >= end || group[k]! > g) continue;
      lines.push(`Core ${core} Start`);
      for (; k < end && group[k]! <= g; k++) lines.push(...lineOf(program, ags, core, k, trace));
      lines.push(`Core ${core} Over`);
      at[core] = k;
    }
    yield `${lines.join('\n')}\n`;
  }
}

/** How often each mnemonic occurs that PIMCOMP-NN does not have. */
export function beyondReleased(program: Program): Record<string, number> {
  const known = new Set<number>([
    Op.LD,
    Op.ST,
    Op.LMV,
    Op.LLDI,
    Op.MVMUL,
    Op.VVADD,
    Op.VVSUB,
    Op.VVMUL,
    Op.VVMAX,
    Op.VRELU,
    Op.VTANH,
    Op.VSIGM,
    Op.VRSU,
    Op.VRSL,
    Op.SEND,
    Op.RECV,
  ]);
  const found: Record<string, number> = {};
  for (let k = 0; k < program.count; k++) {
    const op = program.op[k]!;
    if (known.has(op)) continue;
    const name = NAMES[op]!;
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

function lineOf(program: Program, ags: AgTable, core: number, k: number, trace: Trace | undefined): string[] {
  const op = program.op[k]!;
  const n = program.elements[k]!;
  const head = `    [${NAMES[op]}] core:${core} stage:${STAGES[program.stage[k]!]}`;
  const node = ` node:${program.layer[k]}`;
  const tail = ` element_num:${n} IG:${program.group[k]}${times(trace, k)}`;
  const to = ` rd_addr:${program.dst[k]} rd_offset:0`;
  switch (op) {
    case Op.MVMUL: {
      const ag = program.ag[k]!;
      const wide = ags.columnEnd[ag]! - ags.columnStart[ag]!;
      const ends = ` rs:${ag} rs_addr:${program.src1[k]} rd:${ag} rd_addr:${program.dst[k]}`;
      const sizes = ` input_element_num:${n} output_element_num:${wide} IG:${program.group[k]}${times(trace, k)}`;
      return [`${head}${node} input:${program.window[k]}${ends}${sizes}`];
    }
    case Op.SEND:
      return [`${head} comm_index:${program.pair[k]} to Core:${program.peer[k]} rs_addr:${program.src1[k]}${tail}`];
    case Op.RECV:
      return [`${head} comm_index:${program.pair[k]} from Core:${program.peer[k]} rd_addr:${program.dst[k]}${tail}`];
    case Op.LLDI:
      return [`${head}${node}${to} imm_value:${program.immediate[k]}${tail}`];
    default:
  }
  if (program.src2[k]! >= 0) {
    const from = ` rs1_addr:${program.src1[k]} rs1_offset:0 rs2_addr:${program.src2[k]} rs2_offset:0`;
    return [`${head}${node}${op === Op.VVMAX ? ` input_cycle_index:${program.window[k]}` : ''}${from}${to}${tail}`];
  }
  const lines: string[] = [];
  for (let piece = 0; piece < program.repeats[k]!; piece++) {
    const from = program.src1[k]! + piece * program.stride[k]!;
    const target = program.dst[k]! + piece * n;
    lines.push(`${head}${node} rs_addr:${from} rs_offset:0 rd_addr:${target} rd_offset:0${tail}`);
  }
  return lines;
}

/** As there, a time of 0 is left out. */
function times(trace: Trace | undefined, k: number): string {
  if (!trace) return '';
  const start = trace.startNs[k]!;
  const end = trace.endNs[k]!;
  return `${start === 0 ? '' : ` S:${start}`}${end === 0 ? '' : ` E:${end}`}`;
}
