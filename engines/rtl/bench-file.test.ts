import { describe, expect, it } from 'vitest';
import { looksLikeBench } from './bench-file.ts';
import { gallery } from './examples/index.ts';

describe('telling benches from designs', () => {
  it('is right about every file of the gallery', () => {
    for (const { id, slice } of gallery) {
      for (const file of slice.files) {
        if ('text' in file)
          expect([id, file.path, looksLikeBench(file.path, file.text)]).toEqual([id, file.path, file.role === 'bench']);
      }
    }
  });

  it.each([
    ['a module without ports that prints', 'module tb; initial $display("x"); endmodule', true],
    ['empty parentheses', 'module tb (); reg c; initial begin #5 c = 1; end endmodule', true],
    ['a module with ports', 'module m (input a); initial $display("x"); endmodule', false],
    ['one of each', 'module m (input a); endmodule module tb; initial $finish; endmodule', false],
    ['a bench in a comment', '// module tb; initial $finish;\nmodule m (input a); endmodule', false],
    ['a constant without ports', 'module rom; reg [7:0] m; initial m = 3; endmodule', false],
    ['nothing', '', false],
  ])('%s', (_name, text, bench) => {
    expect(looksLikeBench('a.v', text)).toBe(bench);
  });
});
