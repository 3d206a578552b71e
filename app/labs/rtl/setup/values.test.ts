import { describe, expect, it } from 'vitest';
import { constantFault, macroFault } from './values.ts';

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
