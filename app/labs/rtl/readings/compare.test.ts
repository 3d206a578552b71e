import { describe, expect, it } from 'vitest';
import { describeType } from './cell-types.ts';
import { compareTypes } from './compare.ts';

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
    ['$_DFF_N_', 'flip-flop: falling edge', 'register'],
    ['$_DFF_PN0_', 'flip-flop: asynchronous reset', 'register'],
    ['$_DFFE_PP_', 'flip-flop: enable', 'register'],
    ['$_DFFE_PN0P_', 'flip-flop: asynchronous reset, enable', 'register'],
    ['$_SDFF_PP0_', 'flip-flop: synchronous reset', 'register'],
    ['$_SDFFCE_PN0P_', 'flip-flop: synchronous reset, enable', 'register'],
    ['$_DLATCH_P_', 'latch', 'latch'],
    ['$adffe', 'flip-flop: asynchronous reset, enable', 'register'],
    ['$sdff', 'flip-flop: synchronous reset', 'register'],
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
