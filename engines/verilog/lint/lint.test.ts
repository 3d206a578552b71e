import { describe, expect, it } from 'vitest';
import { elaborate } from '../elaborate/design.ts';
import { parseText } from '../syntax/parse.fixture.ts';
import { lint } from './index.ts';
import { lintDesign } from './lint.ts';

/** "line code" of all warnings. */
function warnings(text: string): string[] {
  return details(text).map((problem) => `${problem.where?.line} ${problem.code}`);
}

function details(text: string): ReturnType<typeof lintDesign> {
  const { unit, tokens, problems } = parseText(text);
  const made = elaborate([{ unit, tokens }], { tops: [], parameters: {}, delays: 'typ', specify: false });
  expect([...problems, ...made.problems].filter((problem) => problem.severity === 'error')).toEqual([]);
  const found = lintDesign(made.context);
  // Elaboration has said what it found of ports itself.
  expect(lint([{ unit, tokens }], made).filter(({ code }) => code !== 'port-width')).toEqual(
    found.filter(({ code }) => code !== 'port-width'),
  );
  return found;
}

describe('widths', () => {
  it('warns of bits that are lost', () => {
    const found = details(`module m(input [7:0] a, input [3:0] b, output reg [3:0] q, output [2:0] y);
      assign y = a;
      always @* q = a + b;
      wire [1:0] z = {b, a[0]};
      sub u(.x(a), .k(b));
      wire [3:0] w = 16;
    endmodule
    module sub(input [3:0] x, input [4:0] k); endmodule`);
    expect(found.map((problem) => `${problem.where?.line} ${problem.what}`)).toEqual([
      "2 'y' has 3 bits, and what is assigned to it has 8: the upper 5 are lost.",
      "3 'q' has 4 bits, and what is assigned to it has 8: the upper 4 are lost.",
      "4 'z' has 2 bits, and what is assigned to it has 5: the upper 3 are lost.",
      "5 The port 'x' of 'sub' has 4 bits, and 8 bits are connected to it.",
      "5 The port 'k' of 'sub' has 5 bits, and 4 bits are connected to it.",
      "6 'w' has 4 bits, and what is assigned to it has 5: the upper one is lost.",
    ]);
  });

  it('looks at each set of parameters', () => {
    expect(
      details(`module m(input [7:0] a); sub #(8) u(.x(a)); sub #(4) v(.x(a[3:0])), w(.x(a[3:0])); endmodule
        module sub #(parameter W = 8) (input [W-1:0] x); wire [5:0] y = x; endmodule`).map(({ what }) => what),
    ).toEqual(["'y' has 6 bits, and what is assigned to it has 8: the upper 2 are lost."]);
  });

  it('says nothing of what is meant as it stands', () => {
    expect(
      warnings(`module m #(parameter W = 4, parameter D = 10) (input clk, input [W-1:0] a, input [7:0] b, output reg [W-1:0] q, r);
        integer i; reg [3:0] n; reg [W-1:0] mem [0:D-1]; wire c; wire [3:0] d, e, f;
        always @(posedge clk) begin
          q <= q + 1; n = i; r <= (a == D - 1) ? 0 : a - 1; n <= b >> 4; n <= b & 8'h0f; n <= b % 10; q <= mem[i];
          n <= -1; n = 8'h0f; for (i = 0; i < 4; i = i + 1) n[i] = b[i]; if (W > 8) n = b;
          n = $random; n = ~a; n = a << 1; n = {a[0], 3'b0}; mem[i] <= W; n = a * 2;
        end
        assign c = a == b, d = b[3:0], e = W > 8 ? b : a;
        sub u(.x(1), .y(i), .z(a + 1), .w(), .v(W)); sub s(1'b1, 0, 4'd3, f, a);
      endmodule
      module sub(input x, input [3:0] y, z, output [3:0] w, input [3:0] v); assign w = y; endmodule`),
    ).toEqual([]);
  });
});

describe('latches', () => {
  it('finds variables that a path leaves out, and says where', () => {
    const found =
      details(`module m(input a, input [1:0] s, input [3:0] d, output reg q, output reg [3:0] r, output reg t, u);
      always @* if (a) q = d[0];
      always_comb begin
        r[3:2] = 0;
        case (s) 0: r[1:0] = 1; 1: begin r[1:0] = 2; end 2: r = 3; endcase
      end
      always @(*) begin t = 0; if (a) u = 1; else if (s == 0) t = 1; else u = 0; end
    endmodule`);
    expect(found.map((problem) => `${problem.where?.line} ${problem.code} ${/'\w+'/.exec(problem.what)![0]}`)).toEqual([
      "2 inferred-latch 'q'",
      "4 inferred-latch 'r'",
      "7 inferred-latch 'u'",
    ]);
    expect(found[1]!.what).toContain("the 'case' in line 5 has values for which nothing is assigned");
  });

  it('says nothing where every path assigns, or a latch is meant', () => {
    expect(
      warnings(`module m(input a, input [1:0] s, input [3:0] d, input e, output reg q, r, t, u, v, w, z, o, output reg [3:0] x, y);
        typedef enum logic [1:0] { A, B, C } st; st state; reg tmp; integer i;
        always @* begin q = 0; if (a) q = 1; end
        always @* case (s) 0: r = 0; 1: r = 1; 2, 3: r = a; endcase
        always @* casez (s) 2'b1?: t = 0; 2'b01: t = 1; 2'b00: t = a; endcase
        always_comb unique case (s) 0: u = 1; 1: u = 0; endcase
        always_comb case (state) A: v = 0; B: v = 1; C: v = a; endcase
        always_latch if (a) w = d[0];
        always @* (* full_case *) case (s) 0: z = a; endcase
        always @* case (s) // synopsys full_case
          1: o = a; endcase
        always @* for (i = 0; i < 4; i = i + 1) x[i] = d[i];
        always @* begin if (a) begin tmp = d[1]; y = tmp; end else y = 0; end
        always @(posedge e) state <= B;
      endmodule`),
    ).toEqual([]);
  });
});

describe('sensitivity', () => {
  it('finds lists that lack what is read', () => {
    const found = details(`module m(input a, b, c, output reg q, r);
      always @(a or b) q = a & b | c;
      always @(a) if (b) r = a; else r = c;
    endmodule`);
    expect(found.map((problem) => `${problem.where?.line} ${problem.what}`)).toEqual([
      "2 This block reads 'c', but does not run when it changes: simulation will differ from the gates.",
      "3 This block reads 'b' and 'c', but does not run when they change: simulation will differ from the gates.",
    ]);
  });

  it('says nothing of complete lists, of benches, and of what cannot change', () => {
    expect(
      warnings(`module m(input a, b, clk, output reg q, r, output reg [7:0] o);
        reg [7:0] rom [0:3]; reg t; integer n = 0; initial rom[0] = 1; initial #1 $readmemh("x", rom);
        always @(a or b) begin t = a; q = t & b; end
        always @(a) $display("%b %b", a, b);
        always @(a) n = n + b;
        always @(posedge clk) r <= a;
        always @(a) o = rom[a];
      endmodule`),
    ).toEqual([]);
  });
});

describe('drivers', () => {
  it('finds nets with two drivers, through ports too, and variables of two blocks', () => {
    expect(
      warnings(`module m(input a, b, clk, output y, z, output reg [3:0] q);
        assign y = a;
        assign y = b;
        sub u1(a, z);
        sub u2(b, z);
        always @(posedge clk) q <= 1;
        always @(negedge clk) q[0] <= 0;
      endmodule
      module sub(input i, output o);
        assign o = i;
      endmodule`),
    ).toEqual(['3 multiple-drivers', '5 multiple-drivers', '7 multiple-drivers']);
  });

  it('says nothing of buses, wired logic and different bits', () => {
    expect(
      warnings(`module m(input a, b, e, clk, inout p, output [1:0] y, output wand w, output tri t, output reg [1:0] q);
        wire bus; wire (weak0, weak1) s = 1; reg z;
        assign y[0] = a; assign y[1] = b; assign w = a; assign w = b; assign t = a; assign t = b;
        assign bus = e ? a : 1'bz; assign bus = e ? 1'bz : b; assign p = bus; assign p = z; assign s = a;
        initial z = 1'bz;
        initial q = 0; always @(posedge clk) q[0] <= a; always @(posedge clk) q[1] <= b;
        sub u(bus), v(bus);
      endmodule
      module sub(inout x); reg d = 1'bz; assign x = d; endmodule`),
    ).toEqual([]);
  });
});
