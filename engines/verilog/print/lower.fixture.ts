/** Random small circuits as SystemVerilog, for tests that compare what simulates with what was synthesised. */
import fc from 'fast-check';

interface Operand {
  text: string;
  width: number;
}

const INPUTS: readonly Operand[] = [
  { text: 'a', width: 8 },
  { text: 'b', width: 5 },
  { text: 's', width: 7 },
  { text: 'c', width: 1 },
];
/** Signals that the expressions of later ones may read. */
const NAMED: readonly Operand[] = [
  { text: 'w0', width: 9 },
  { text: 'w1', width: 6 },
  { text: 'r0', width: 8 },
  { text: 'r1', width: 12 },
  { text: 'm[b[1:0]]', width: 6 },
  { text: 'p.low', width: 4 },
  { text: 'p.high', width: 3 },
];

const leaf = (known: readonly Operand[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known.map(({ text }) => text)) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(600)).map(([w, v]) => `${w}'d${v % 2 ** w}`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.integer({ min: 2, max: 9 }), fc.nat(600)).map(([w, v]) => `${w}'sd${v % 2 ** w}`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "'0",
        "'1",
        'a[6:2]',
        'a[b[2:0]]',
        's[b[1:0] +: 3]',
        '$signed(a)',
        '$signed(b)',
        'f(a)',
      ),
    },
  );

function expression(known: readonly Operand[], depth: number): fc.Arbitrary<string> {
  if (depth === 0) return leaf(known);
  const inner = expression(known, depth - 1);
  const binary = fc
    .tuple(
      inner,
      fc.constantFrom('+', '-', '*', '&', '|', '^', '~^', '<', '<=', '>', '>=', '==', '!=', '&&', '||'),
      inner,
    )
    .map(([left, operator, right]) => `(${left} ${operator} ${right})`);
  return fc.oneof(
    { weight: 1, arbitrary: leaf(known) },
    { weight: 6, arbitrary: binary },
    {
      weight: 2,
      arbitrary: fc
        .tuple(inner, fc.constantFrom('<<', '>>', '>>>', '<<<'), inner)
        .map(([l, o, r]) => `(${l} ${o} (${r}))`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('~', '-', '!', '&', '|', '^', '~&', '~|'), inner)
        .map(([o, e]) => `(${o}${e})`),
    },
    { weight: 1, arbitrary: fc.tuple(inner, inner, inner).map(([c, t, e]) => `(${c} ? ${t} : ${e})`) },
    // Operands of concatenations have sizes of their own.
    { weight: 1, arbitrary: fc.tuple(inner, inner).map(([l, r]) => `{(${l} + 3'd0), (${r} ^ 2'd0)}`) },
    { weight: 1, arbitrary: inner.map((e) => `(${e} inside {[3:9], 8'd40, 8'b1??0_0001})`) },
    { weight: 1, arbitrary: inner.map((e) => `5'(${e})`) },
    { weight: 1, arbitrary: inner.map((e) => `signed'(${e})`) },
    { weight: 1, arbitrary: fc.constant('{<<{a}}') },
  );
}

/** The text of a module of this name with the ports of `benchOf`. */
export function circuit(name: string): fc.Arbitrary<string> {
  const over = (known: readonly Operand[], depth = 2) => expression([...INPUTS, ...known], depth);
  return fc
    .tuple(
      over(NAMED.slice(2)),
      over([NAMED[0]!, ...NAMED.slice(2)]),
      over(NAMED),
      over(NAMED),
      over(NAMED, 1),
      over(NAMED, 1),
      over(NAMED),
      fc.integer({ min: 1, max: 4 }),
    )
    .map(
      ([w0, w1, r0, r1, element, condition, out, round]) => `
module ${name}(input bit clk, rst, input bit [7:0] a, input bit [4:0] b, input bit signed [6:0] s, input bit c,
               output logic [15:0] y, output logic signed [9:0] z);
  typedef struct { logic [3:0] low; logic signed [2:0] high; } pair_t;
  pair_t p;
  logic [8:0] w0;
  logic signed [5:0] w1;
  logic [7:0] r0;
  logic signed [11:0] r1;
  logic [5:0] m [0:3];
  function automatic logic signed [5:0] f(input logic [7:0] v);
    logic signed [5:0] n = 0;
    for (int i = 0; i < 8; i++) begin
      if (v[i] && i < ${round}) continue;
      if (i == 6) break;
      n += v[i] ? 3 : -1;
    end
    return n;
  endfunction
  assign w0 = ${w0};
  always_comb begin
    w1 = ${w1};
    unique0 case (a[1:0]) 2'd1: w1[2:0] = b; 2'd2: w1 = w1 + s; default: ; endcase
  end
  always_ff @(posedge clk) begin
    if (rst) begin
      r0 <= 0; r1 <= -5; p <= '{low: 3, high: -1};
      foreach (m[i]) m[i] <= i;
    end else begin
      r0 <= ${r0};
      if (${condition}) r1 <= ${r1};
      m[a[1:0]] <= ${element};
      {p.high, p.low} <= {p.low, p.high} + s;
    end
  end
  assign y = ${out};
  assign z = (s < w1) ? r1 + w1 * s : (r1 >>> b[2:0]) - s;
endmodule
`,
    );
}

/** Steps all modules with the same inputs, and prints their outputs. */
export function benchOf(names: readonly string[], steps: number): string {
  return `
module bench;
  bit clk, rst = 1;
  bit [7:0] a; bit [4:0] b; bit signed [6:0] s; bit c;
${names.map((name) => `  wire [15:0] ${name}_y; wire [9:0] ${name}_z; ${name} ${name}_i(clk, rst, a, b, s, c, ${name}_y, ${name}_z);`).join('\n')}
  int unsigned state = 12345;
  initial begin
    repeat (${steps}) begin
      #1 clk = 1;
      #1 clk = 0;
      rst = 0;
      state = state * 1664525 + 1013904223;
      a = state[31:24]; b = state[23:19]; s = state[18:12]; c = state[11];
      #1;
${names.map((name) => `      $display("%b %b", ${name}_y, ${name}_z);`).join('\n')}
    end
    $finish;
  end
endmodule
`;
}
