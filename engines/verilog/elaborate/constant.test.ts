import { describe, expect, it } from 'vitest';
import { designOf, elaborated, parameterOf } from './elaborate.fixture.ts';

/** The value of `f(argument)` as a parameter. */
function called(functions: string, call: string): number | string | undefined {
  return parameterOf(designOf(`module t; ${functions} localparam P = ${call}; endmodule`), 't.P');
}

function errorsOf(text: string): string[] {
  return elaborated(text)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ what }) => what);
}

describe('constant functions', () => {
  it('count with loops, break, continue and return', () => {
    const f = `function automatic int f(int n);
      int sum = 0;
      for (int i = 0; i < 100; i++) begin
        if (i == 3) continue;
        if (i > n) break;
        sum += i;
      end
      repeat (2) sum++;
      while (sum > 1000) sum = sum >> 1;
      do sum++; while (sum < 0);
      if (sum == 999) return -1;
      return sum;
    endfunction`;
    // 0 + 1 + 2 + 4 + 5, then 3 more.
    expect(called(f, 'f(5)')).toBe(15);
  });

  it('call themselves', () => {
    const f = 'function automatic integer f(input integer n); f = n <= 1 ? 1 : n * f(n - 1); endfunction';
    expect(called(f, 'f(6)')).toBe(720);
  });

  it('leave a named block by disable', () => {
    const f = `function integer f(input integer n); begin : outer
      f = 0;
      while (1) begin : body f = f + 1; if (f == n) disable outer; end
    end endfunction`;
    expect(called(f, 'f(7)')).toBe(7);
  });

  it('work on arrays, parts and concatenations', () => {
    const f = `function [15:0] f(input [7:0] a);
      reg [3:0] m [0:3]; integer i; reg [3:0] x, y;
      begin
        for (i = 0; i < 4; i = i + 1) m[i] = a + i;
        {x, y} = a;
        f[15:8] = {m[3], m[0]};
        f[7 -: 4] = y;
        f[3:0] = x;
      end endfunction`;
    expect(called(f, "f(8'h21)")).toBe(0x4112);
  });

  it.each([
    ["8'bzzzz0001", 1],
    ["8'b00000010", 2],
    ["8'b11111111", 3],
  ])('choose by casez: %s', (value, expected) => {
    const f = `function integer f(input [7:0] a);
      casez (a) 8'b????0001: f = 1; 8'b0???0010, 8'b0???0011: f = 2; default: f = 3; endcase endfunction`;
    expect(called(f, `f(${value})`)).toBe(expected);
  });

  it('keep the sign and width of what a value is assigned to', () => {
    const f = `function integer f(input [7:0] a); reg signed [3:0] s; byte b;
      begin s = a; b = s; f = b; end endfunction`;
    expect(called(f, "f(8'h1f)")).toBe(-1);
  });

  it('go over arrays with foreach, and enumerations', () => {
    const f = `typedef enum logic [1:0] {A = 1, B, C} e;
    function automatic int f();
      int m[4] = '{1, 2, 3, 4}; e x = B; int sum = 0;
      foreach (m[i]) sum += m[i] * i;
      return sum * 100 + int'(x) * 10 + x.num();
    endfunction`;
    expect(called(f, 'f()')).toBe(2023);
  });

  it('take arguments by name and by default', () => {
    const f = 'function automatic int f(int a, int b = 5, int c = 7); return a * 100 + b * 10 + c; endfunction';
    expect(called(f, 'f(.c(1), .a(2))')).toBe(251);
  });

  it('evaluate an index with an effect once', () => {
    const f = `function automatic int f();
      int m[3] = '{10, 20, 30}; int i = 0; m[i++] += 5; return m[0] * 100 + m[1] + i; endfunction`;
    expect(called(f, 'f()')).toBe(1521);
  });
});

describe('what is no constant', () => {
  it('is refused with the reason', () => {
    const [first] = errorsOf('module t; reg [3:0] a; parameter P = a + 1; endmodule');
    expect(first).toBe('A constant is needed here, but "a + 1" is none: it reads or writes "a", which is no constant.');
  });

  it('ends loops that have no end', () => {
    const [first] = errorsOf(
      'module t; function integer f(input integer n); while (1) f = n; endfunction localparam P = f(1); endmodule',
    );
    expect(first).toContain('it takes too many steps');
  });

  it('refuses an undefined or real bound', () => {
    expect(errorsOf("module t; reg [1'bx:0] a; endmodule")[0]).toContain('x or z');
    expect(errorsOf('module t; reg [1.5:0] a; endmodule')[0]).toContain('A whole number is needed here, not a real.');
  });
});
