import { describe, expect, it } from 'vitest';
import { constantFault, macroFault, plainConstant } from './values.ts';

describe('what may be typed as a parameter', () => {
  it.each(['8', '-3', '1_000', "4'b1010", "16'hFFx?", "'d9", "8'sb1", '"text"', ' 12 '])('%s', (text) => {
    expect(constantFault(text)).toBeUndefined();
  });

  it.each(['eight', '4.5', "4'b12", "8'h", '"a"; quit', 'a+b', "3'o8", '"two\nlines"'])('not %s', (text) => {
    expect(constantFault(text)).toMatch(/Verilog constant/);
  });
});

describe('names of macros', () => {
  it('are identifiers, each once', () => {
    expect(macroFault('SIM_1', [])).toBeUndefined();
    expect(macroFault('1SIM', [])).toBeDefined();
    expect(macroFault('A B', [])).toBeDefined();
    expect(macroFault('SIM', ['SIM'])).toMatch(/already/);
  });
});

describe('constants of Yosys', () => {
  it.each([
    ["8'11111111", '255'],
    ["32'sd8", '8'],
    ["4's1111", '-1'],
    ['00000000000000000000000000000101', '5'],
    ['11111111111111111111111111111111', '-1'],
    ['104', '104'],
    ['10', '10'],
    ['"text"', '"text"'],
    ["40'0000000000000000000000000000000000000001", "40'0000000000000000000000000000000000000001"],
  ])('%s reads %s', (value, plain) => {
    expect(plainConstant(value)).toBe(plain);
  });
});
