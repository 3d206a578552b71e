import type { Hardware } from '../hardware.ts';
import { PRESETS } from '../presets/chips.ts';
import { ProgramBuilder } from '../program/builder.ts';
import { type Instruction, Op, type Program, Stage } from '../program/types.ts';
import type { MappedLayer, Mapping } from '../types.ts';

/** Programs written by hand, for tests. */

type Line = Partial<Instruction> & Pick<Instruction, 'op'>;

/** Instructions core by core; what a line leaves out is stage MAIN, group 0, layer 0, one element. */
export function programOf(cores: Line[][], changes: Partial<Program> = {}): Program {
  const builder = new ProgramBuilder(cores.length);
  let groups = 1;
  for (const [core, lines] of cores.entries()) {
    for (const line of lines) {
      builder.cores[core]!.push({ stage: Stage.MAIN, group: 0, layer: 0, elements: 1, ...line });
      groups = Math.max(groups, (line.group ?? 0) + 1);
      builder.pairs = Math.max(builder.pairs, (line.pair ?? -1) + 1);
    }
  }
  const program = builder.finish({
    groups,
    elementBytes: 2,
    regions: new Int32Array([0, 0]),
    constants: new Int32Array([-1, -1]),
    globalElements: 1_000_000,
    localElements: new Int32Array(cores.length),
    samples: 1,
    order: 'as-is',
  });
  return { ...program, ...changes };
}

/** `ags` array groups of 128 x 128, two crossbars each, of one layer, at the chip's precision unless said. */
export function mappingOf(ags: number, activationBits = 16): Mapping {
  const layer: MappedLayer = {
    layer: 0,
    name: 'layer',
    height: 128 * ags,
    width: 128,
    groups: 1,
    packed: 1,
    blocks: 1,
    windows: 1,
    unrolling: 'rows',
    weightBits: 16,
    activationBits,
    agsPerReplica: ags,
    crossbarsPerAg: 2,
    columnParts: 1,
    replication: 1,
  };
  const each = (value: (ag: number) => number) => Int32Array.from({ length: ags }, (_, ag) => value(ag));
  return {
    layers: [layer],
    ags: {
      count: ags,
      mapped: each(() => 0),
      replica: each(() => 0),
      part: each(() => 0),
      slice: each((ag) => ag),
      core: each(() => 0),
      crossbars: each(() => 2),
      rowStart: each((ag) => ag * 128),
      rowEnd: each((ag) => ag * 128 + 128),
      columnStart: each(() => 0),
      columnEnd: each(() => 128),
    },
    method: 'by hand',
  };
}

/** The released default chip with changes at the first level. */
export function chipOf(changes: Partial<Hardware> = {}): Hardware {
  return { ...structuredClone(PRESETS['pimcomp-default']!.hardware), ...changes };
}

/** A product of array group `ag` from addresses of its own, so that it depends on nothing. */
export function product(ag: number, changes: Partial<Instruction> = {}): Line {
  return { op: Op.MVMUL, ag, src1: ag * 256, dst: ag * 256 + 128, elements: 128, ...changes };
}
