import { describe, expect, it } from 'vitest';
import { mappingOf, product, programOf } from './evaluate/small-program.ts';
import { coreOf, findNext, formatInstruction, listing, listingText, MNEMONICS, STAGES, search } from './listing.ts';
import { programJson } from './program/export-json.ts';
import { beyondReleased, releasedListing } from './program/export-released.ts';
import { FUNCTIONS, Op, Stage } from './program/types.ts';

const program = programOf([
  [
    { op: Op.LD, dst: 0, src1: 900, elements: 128, stage: Stage.INPUT },
    product(2, { src1: 0, dst: 640, replica: 1, window: 14 }),
    { op: Op.LMV, dst: 50, src1: 10, elements: 4, stride: 7, repeats: 3 },
    { op: Op.SEND, src1: 640, elements: 128, pair: 0, peer: 2, group: 1, layer: 1 },
  ],
  [],
  [
    { op: Op.RECV, dst: 5, elements: 128, pair: 0, peer: 0, group: 1, layer: 1 },
    { op: Op.VVADD, dst: 5, src1: 5, src2: 200, elements: 128, stage: Stage.MAIN_C, group: 1, layer: 1 },
    {
      op: Op.VFUN,
      dst: 5,
      src1: 5,
      elements: 128,
      immediate: FUNCTIONS.indexOf('silu'),
      stage: Stage.POST,
      group: 1,
      layer: 1,
    },
    { op: Op.LLDI, dst: 9, elements: 2, immediate: 0.1, group: 1, layer: 1 },
  ],
]);
const names = ['conv1', 'fc'];
const trace = {
  startNs: Float64Array.from({ length: 8 }, (_, k) => k * 10),
  endNs: Float64Array.from({ length: 8 }, (_, k) => k * 10 + 5),
};

describe('our listing', () => {
  it('tells operands, addresses, and what an instruction belongs to', () => {
    const lines = listing(program, 0, 99, { names }).map((it) => it.replace(/ +/g, ' '));
    expect(lines).toEqual([
      'LD l[0+128] <- g[900+128] ; conv1 INPUT g0',
      'MVMUL l[640] <- ag 2 . l[0+128] ; conv1 r1 w14 MAIN g0',
      'LMV l[50+12] <- 3 x l[10+4], stride 7 ; conv1 MAIN g0',
      'SEND core 2 <- l[640+128], pair 0 ; fc MAIN g1',
      'RECV l[5+128] <- core 0, pair 0 ; fc MAIN g1',
      'VVADD l[5+128] <- l[5+128], l[200+128] ; fc MAIN-C g1',
      'VFUN l[5+128] <- silu l[5+128] ; fc POST g1',
      'LLDI l[9+2] <- 0.1 ; fc MAIN g1',
    ]);
    expect(formatInstruction(program, 1, { trace })).toContain('@ 10..15 ns');
  });

  it('has a name for every code, and knows the core of an instruction', () => {
    for (const [name, code] of Object.entries(Op)) expect(MNEMONICS[code]).toBe(name);
    for (const code of Object.values(Stage)) expect(STAGES[code]).toBeDefined();
    expect([0, 3, 4, 7].map((k) => coreOf(program, k))).toEqual([0, 0, 2, 2]);
  });

  it('makes a window of lines, and the same lines in a file', () => {
    expect(listing(program, -5, 2)).toHaveLength(2);
    const file = [...listingText(program, { names })].join('');
    expect(file.split('\n').filter((it) => it.startsWith(';'))).toEqual([
      '; core 0: 4 instructions',
      '; core 2: 4 instructions',
    ]);
    for (const line of listing(program, 0, 8, { names })) expect(file).toContain(`${line}\n`);
  });

  it('is searched by mnemonic, stage, layer and number', () => {
    const all = (query: string) => {
      const found: number[] = [];
      const matches = search(program, query, names);
      for (let k = findNext(program, matches, -1); k >= 0; k = findNext(program, matches, k)) found.push(k);
      return found;
    };
    expect(all('vv')).toEqual([5]);
    expect(all('core:2 FC')).toEqual([4, 5, 6, 7]);
    expect(all('pair:0')).toEqual([3, 4]);
    expect(all('ag:2')).toEqual([1]);
    expect(all('main-c')).toEqual([5]);
    expect(all('core:7')).toEqual([]);
    expect(all('nothing')).toEqual([]);
    expect(findNext(program, search(program, 'pair:0'), 8, false)).toBe(4);
  });
});

describe('the released form', () => {
  const text = [...releasedListing(program, mappingOf(4).ags, trace)].join('');

  it('stands group by group, core by core, with the released field names', () => {
    const lines = text.trimEnd().split('\n');
    expect(lines.filter((it) => !it.startsWith('    ')).map((it) => it.replaceAll('=', ''))).toEqual([
      ' base instruction_group 0 ',
      'Core 0 Start',
      'Core 0 Over',
      ' base instruction_group 1 ',
      'Core 0 Start',
      'Core 0 Over',
      'Core 2 Start',
      'Core 2 Over',
    ]);
    expect(text).toContain(
      '    [MVMUL] core:0 stage:MAIN node:0 input:14 rs:2 rs_addr:0 rd:2 rd_addr:640 input_element_num:128 output_element_num:128 IG:0 S:10 E:15',
    );
    expect(text).toContain(
      '    [SEND] core:0 stage:MAIN comm_index:0 to Core:2 rs_addr:640 element_num:128 IG:1 S:30 E:35',
    );
    expect(text).toContain('rs1_addr:5 rs1_offset:0 rs2_addr:200 rs2_offset:0 rd_addr:5 rd_offset:0 element_num:128');
  });

  it('takes strided copies apart', () => {
    const copies = text.split('\n').filter((it) => it.includes('[LMV]'));
    expect(copies.map((it) => /rs_addr:(\d+).*rd_addr:(\d+)/.exec(it)!.slice(1))).toEqual([
      ['10', '50'],
      ['17', '54'],
      ['24', '58'],
    ]);
  });

  it('says which instructions are not in the released set', () => {
    expect(beyondReleased(program)).toEqual({ VFUN: 1 });
  });
});

describe('the JSON form', () => {
  it('is JSON, and holds every instruction with what it uses', () => {
    const data = JSON.parse([...programJson(program, names, trace)].join(''));
    expect(data).toMatchObject({ form: 'crossbar-studio/program', version: 1, layers: names, elementBytes: 2 });
    expect(data.cores.map((it: { core: number }) => it.core)).toEqual([0, 2]);
    expect(data.cores[0].instructions[1]).toEqual({
      op: 'MVMUL',
      stage: 'MAIN',
      group: 0,
      layer: 0,
      dst: 640,
      src1: 0,
      elements: 128,
      ag: 2,
      replica: 1,
      window: 14,
      startNs: 10,
      endNs: 15,
    });
    expect(data.cores[1].instructions[2].immediate).toBe('silu');
    expect(data.cores[0].instructions).toHaveLength(4);
  });

  it('is JSON for an empty program too', () => {
    expect(JSON.parse([...programJson(programOf([[]]), [])].join('')).cores).toEqual([]);
  });
});
