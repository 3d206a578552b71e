import { expect, it } from 'vitest';
import { moduleNames } from './module-names.ts';

it('finds modules with their lines, and none in comments, strings or other words', () => {
  const text = `// module no(input a);
/* module nor
   module this */
module first #(parameter N = 3) (input a);
  initial $display("module text");
  submodule u(a);
endmodule
module automatic \\odd+name (input a); endmodule macromodule
  last; endmodule
`;
  expect(moduleNames(text)).toEqual([
    { name: 'first', line: 4 },
    { name: 'odd+name', line: 8 },
    { name: 'last', line: 8 },
  ]);
});
