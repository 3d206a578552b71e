import { MNEMONICS, STAGES } from '../listing.ts';
import { FUNCTIONS, Op, type Program, type Trace } from './types.ts';

const PART = 2000;

/**
 * The program as JSON text, in parts to be written one after the other:
 * `{"form": "crossbar-studio/program", "version": 1, "elementBytes", "order", "layers": [names], "groups", "cores": [{"core",
 * "instructions": [{"op", "stage", "group", "layer", ...}]}]}`. An instruction has the fields that it uses: `dst`, `src1`,
 * `src2` (addresses in elements), `elements`, `ag`, `replica`, `window`, `pair`, `peer`, `immediate`, `stride`, `repeats`,
 * and `startNs`, `endNs` where a trace is given.
 */
export function* programJson(program: Program, names: readonly string[], trace?: Trace): Generator<string> {
  const { elementBytes, order, groups } = program;
  const head = { form: 'crossbar-studio/program', version: 1, elementBytes, order, groups, layers: names };
  yield `${JSON.stringify(head).slice(0, -1)},"cores":[`;
  let before = '\n';
  for (let core = 0; core < program.cores; core++) {
    const from = program.coreStart[core]!;
    const to = program.coreStart[core + 1]!;
    if (from === to) continue;
    yield `${before}{"core":${core},"instructions":[\n`;
    for (let k = from; k < to; k += PART) {
      const last = Math.min(k + PART, to);
      const lines: string[] = [];
      for (let i = k; i < last; i++) lines.push(JSON.stringify(plain(program, i, trace)));
      yield `${lines.join(',\n')}${last < to ? ',' : ''}\n`;
    }
    yield ']}';
    before = ',\n';
  }
  yield ']}\n';
}

function plain(program: Program, k: number, trace: Trace | undefined): Record<string, unknown> {
  const given = (value: number) => (value >= 0 ? value : undefined);
  const op = program.op[k]!;
  const immediate = program.immediate[k]!;
  return {
    op: MNEMONICS[op],
    stage: STAGES[program.stage[k]!],
    group: program.group[k],
    layer: given(program.layer[k]!),
    dst: given(program.dst[k]!),
    src1: given(program.src1[k]!),
    src2: given(program.src2[k]!),
    elements: program.elements[k],
    ag: given(program.ag[k]!),
    replica: given(program.replica[k]!),
    window: given(program.window[k]!),
    pair: given(program.pair[k]!),
    peer: given(program.peer[k]!),
    immediate: op === Op.VFUN ? FUNCTIONS[immediate] : immediate === 0 && op !== Op.LLDI ? undefined : immediate,
    stride: program.stride[k] === 0 ? undefined : program.stride[k],
    repeats: program.repeats[k] === 1 ? undefined : program.repeats[k],
    startNs: trace?.startNs[k],
    endNs: trace?.endNs[k],
  };
}
