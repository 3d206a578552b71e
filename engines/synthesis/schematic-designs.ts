import { runYosys } from './yosys.ts';
import type { YosysNetlist } from './yosys-json.ts';

/** Small designs for the tests of the schematic, each with a way of wiring that is easy to draw wrongly. */
export const DESIGNS: Record<string, string> = {
  adder: `
    module top(input a, b, cin, output sum, cout);
      assign {cout, sum} = a + b + cin;
    endmodule`,
  counter: `
    module top(input clk, reset, enable, output reg [7:0] count, output last);
      assign last = &count;
      always @(posedge clk) if (reset) count <= 0; else if (enable) count <= count + 1;
    endmodule`,
  slices: `
    module top(input [7:0] a, input [3:8] up, input [15:8] shifted, input one,
               output [7:0] joined, output [15:0] signed_up, output [7:0] same, output [1:0] few, output [7:0] turned,
               output [3:0] mixed);
      assign joined = {a[3:0], shifted[11:8]} ^ {one, up, one};
      assign signed_up = {{8{a[7]}}, a} ^ {7'b0, one, 8'h5a};
      assign same = {8{one}} & shifted;
      assign few = up[4:5] | a[2:1];
      assign turned = {a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]} + 8'd1;
      assign mixed = {2'b1x, up[3], 1'bz} ~^ a[6:3];
    endmodule`,
  steering: `
    module top(input clk, rst_n, srst, en, input [3:0] d, output reg [3:0] q, r, s, output reg [3:0] l, output reg [3:0] n);
      always @(posedge clk or negedge rst_n) if (!rst_n) q <= 4'd5; else if (en) q <= d;
      always @(negedge clk) if (srst) r <= 0; else r <= q;
      always @(posedge clk) if (en) s <= r + q;
      always @* if (en) l = d ^ s;
      always @(posedge clk) n <= ~n;
    endmodule`,
  cases: `
    module top(input [2:0] op, input [7:0] a, b, output reg [7:0] y, output [7:0] z);
      always @* case (op)
        0: y = a + b; 1: y = a - b; 2: y = a & b; 3: y = a | b; 4: y = a << b[2:0]; 5: y = $signed(a) >>> 2; default: y = 8'hxx;
      endcase
      assign z = op == 3 ? a * b : (a < b ? {a[3:0], b[7:4]} : ~a);
    endmodule`,
  memory: `
    module top(input clk, we, input [3:0] wa, ra, rb, input [7:0] d, output [7:0] p, output reg [7:0] q);
      reg [7:0] words [0:15];
      always @(posedge clk) begin if (we) words[wa] <= d; q <= words[rb]; end
      assign p = words[ra];
    endmodule`,
  hierarchy: `
    module stage #(parameter N = 2) (input clk, reset, input [N-1:0] in, output reg [N-1:0] out, output flag);
      always @(posedge clk) out <= reset ? 0 : in;
      assign flag = |in;
    endmodule
    module top(input clk, reset, input [7:0] d, output [7:0] q, output [3:0] flags);
      wire [7:0] mid;
      stage #(8) whole(clk, reset, d, mid, flags[0]);
      stage low(.clk(clk), .reset(reset), .in(mid[1:0]), .out(q[1:0]), .flag(flags[1]));
      stage #(4) middle(.clk(clk), .reset(reset), .in({mid[3:2], mid[7:6]}), .out(q[5:2]), .flag(flags[2]));
      stage high(.clk(clk), .reset(reset), .in(mid[5:4]), .out(q[7:6]), .flag());
      assign flags[3] = 1'b1;
    endmodule`,
  tristate: `
    module top(input [3:0] a, b, input ea, eb, output [3:0] seen, inout [3:0] pad, output loose);
      wire [3:0] bus;
      assign bus = ea ? a : 4'bz;
      assign bus = eb ? b : 4'bz;
      assign seen = bus + 1;
      assign pad = ea ? b : 4'bz;
      wire nothing;
      assign loose = nothing ^ pad[2];
    endmodule`,
  wide: `
    module top(input clk, input [31:0] a, output [31:0] y, output reg [31:0] parity);
      genvar i;
      wire tick = clk;
      generate for (i = 0; i < 32; i = i + 1) begin : rather_long_name_of_a_block
        wire [1:0] and_of_what_is_inside_of_it;
        assign and_of_what_is_inside_of_it = {a[i] ^ a[(i * 7 + 3) % 32], ~a[i]} + parity[i];
        assign y[i] = ^and_of_what_is_inside_of_it;
        always @(posedge tick) parity[i] <= ^a[i:0];
      end endgenerate
    endmodule`,
};

/** The netlist of one of the designs, by Yosys itself. */
export async function netlistOf(design: string, passes = 'prep -top top'): Promise<YosysNetlist> {
  const script = `read_verilog -sv top.v\n${passes}\nwrite_json\n`;
  const run = await runYosys({ script, files: { 'top.v': DESIGNS[design]! }, quiet: true });
  if (run.exit !== 0) throw new Error(run.errorLine ?? run.log.join('\n'));
  return JSON.parse(new TextDecoder().decode(run.output)) as YosysNetlist;
}
