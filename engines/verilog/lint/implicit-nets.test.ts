import { expect, it } from 'vitest';
import { parseText } from '../syntax/parse.fixture.ts';
import { implicitNets } from './implicit-nets.ts';

function found(text: string): string[] {
  const { unit, tokens } = parseText(text);
  return implicitNets(unit, tokens).map((problem) => `${problem.where?.line}: ${problem.what}`);
}

it('names what nobody declared, once', () => {
  expect(
    found(`module m(input a, output y);
      wire b;
      sub u(.x(b), .y(typo), .z({a, other}), .w(typo));
      and (y, a, gate_in);
      assign lost = a;
    endmodule`),
  ).toEqual([
    "3: 'typo' is not declared, so it becomes a wire of one bit.",
    "3: 'other' is not declared, so it becomes a wire of one bit.",
    "4: 'gate_in' is not declared, so it becomes a wire of one bit.",
    "5: 'lost' is not declared, so it becomes a wire of one bit.",
  ]);
});

it('says nothing where a declaration is or may be anywhere', () => {
  expect(
    found(`typedef enum { RED, GREEN } colour; function int f(); return 1; endfunction
    module m #(parameter P = 1)(a, bus_if.s b); input a; genvar g; event e; colour c;
      for (g = 0; g < 2; g = g + 1) begin : blk wire inner; sub u(inner, g, RED, P, a, b, c); end
      bus_if i(); sub v(i, e, blk);
    endmodule`),
  ).toEqual([]);
  expect(found('import p::*; module m; sub u(x); endmodule')).toEqual([]);
  expect(
    found('module m import p::*; (input a); sub u(x); endmodule module n; import p::*; sub u(x); endmodule'),
  ).toEqual([]);
  expect(found('`default_nettype none\nmodule m; sub u(x); endmodule')).toEqual([]);
});
