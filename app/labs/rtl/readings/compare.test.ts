import { describe, expect, it } from 'vitest';
import type { RtlReport } from '../../../../engines/rtl/types.ts';
import { describeType } from './cell-types.ts';
import { compareModules, compareTypes } from './compare.ts';

describe('modules against the pinned result', () => {
  it('are matched by their name in the source, whatever their parameters', () => {
    const report = (width: number, cells: number) =>
      ({
        cellsByModule: [
          { module: 'top', instances: 1, cells: 1, flipFlops: 0, cellsInAll: 1 },
          { module: `add #(W=${width})`, instances: 2, cells: cells / 2, flipFlops: 0, cellsInAll: cells },
          { module: 'add #(W=1)', instances: 1, cells: 2, flipFlops: 0, cellsInAll: 2 },
        ],
        modules: [
          { name: `add #(W=${width})`, sourceName: 'add', parameters: [] },
          { name: 'add #(W=1)', sourceName: 'add', parameters: [] },
        ],
      }) as Partial<RtlReport> as RtlReport;
    expect(compareModules(report(8, 40), report(4, 20))).toEqual([
      { key: 'add', now: 42, pinned: 22, instances: 3 },
      { key: 'top', now: 1, pinned: 1, instances: 1 },
    ]);
  });
});

describe('cells against the pinned result', () => {
  it('name every type of either, largest first, those gone last', () => {
    const now = [
      { type: '$_XOR_', count: 2 },
      { type: '$_AND_', count: 5 },
    ];
    const pinned = [
      { type: '$_AND_', count: 8 },
      { type: '$_OR_', count: 3 },
    ];
    expect(compareTypes(now, pinned)).toEqual([
      { key: '$_AND_', now: 5, pinned: 8 },
      { key: '$_XOR_', now: 2, pinned: 0 },
      { key: '$_OR_', now: 0, pinned: 3 },
    ]);
    expect(compareTypes(now)[0]).toEqual({ key: '$_AND_', now: 5, pinned: undefined });
  });
});

describe('cell types in words', () => {
  it.each([
    ['$_AND_', 'AND', 'logic'],
    ['$_MUX_', 'multiplexer', 'select'],
    ['$_DFF_P_', 'flip-flop', 'register'],
    ['$_DFF_N_', 'falling-edge flip-flop', 'register'],
    ['$_DFF_PN0_', 'flip-flop with asynchronous reset', 'register'],
    ['$_DFFE_PP_', 'flip-flop with enable', 'register'],
    ['$_DFFE_PN0P_', 'flip-flop with asynchronous reset and enable', 'register'],
    ['$_SDFF_PP0_', 'flip-flop with synchronous reset', 'register'],
    ['$_SDFFCE_PN0P_', 'flip-flop with synchronous reset and enable', 'register'],
    ['$_DLATCH_P_', 'latch', 'latch'],
    ['$adffe', 'flip-flop with asynchronous reset and enable', 'register'],
    ['$sdff', 'flip-flop with synchronous reset', 'register'],
    ['$dff', 'flip-flop', 'register'],
    ['$dlatch', 'latch', 'latch'],
    ['$mem_v2', 'memory', 'memory'],
    ['$add', 'adder', 'arithmetic'],
    ['$reduce_xor', 'parity', 'logic'],
    ['alu', 'alu', 'other'],
  ])('%s', (type, name, kind) => {
    expect(describeType(type)).toEqual({ name, kind });
  });
});
