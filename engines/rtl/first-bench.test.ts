import { describe, expect, it } from 'vitest';
import { looksLikeBench } from './bench-file.ts';
import { firstBench } from './first-bench.ts';

const bits = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the first bench of a module', () => {
  it('drives every input, starts the clock and releases the reset', () => {
    const { path, text } = firstBench('fifo', {
      clk: { direction: 'input', bits: bits(1) },
      rst_n: { direction: 'input', bits: bits(1) },
      data: { direction: 'input', bits: bits(8) },
      q: { direction: 'output', bits: bits(8) },
    });
    expect(path).toBe('bench/fifo_tb.v');
    expect(looksLikeBench(path, text)).toBe(true);
    expect(text).toContain('always #5 clk = ~clk;');
    expect(text).toContain('reg rst_n = 0;');
    expect(text).toContain('rst_n = 1;');
    expect(text).toContain('reg [7:0] data = 0;');
    expect(text).toContain('wire [7:0] q;');
    expect(text).toContain('data = $random;');
    expect(text).not.toContain('clk = $random');
  });

  it('waits by time where there is no clock', () => {
    const { text } = firstBench('adder', {
      a: { direction: 'input', bits: bits(4) },
      s: { direction: 'output', bits: bits(5) },
    });
    expect(text).toContain('#10;');
    expect(text).not.toContain('always');
  });
});
