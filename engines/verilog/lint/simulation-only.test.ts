import { expect, it } from 'vitest';
import { parseText } from '../syntax/parse.fixture.ts';
import { simulationOnly } from './simulation-only.ts';

function marked(text: string): [string, string][] {
  const { unit, tokens } = parseText(text);
  return simulationOnly(unit, tokens).map((place) => [
    place.code,
    tokens.files[place.file]!.text.slice(place.offset, place.offset + place.length),
  ]);
}

it('marks nothing in a design that can be synthesised', () => {
  expect(
    marked(`module m #(parameter W = $clog2(9)) (input clk, input [W-1:0] d, output reg [W-1:0] q);
      reg [7:0] rom [0:3]; integer i; initial $readmemh("rom.hex", rom); initial q = 0;
      struct packed { logic a; } s; sub u(.a(s.a));
      always @(posedge clk) begin q <= $signed(d); for (i = 0; i < 4; i = i + 1) s.a <= ^d; end
      always @* if (d == 0) s.a = 1; else s.a = 0;
      always_ff @(posedge clk or negedge d[0]) q <= 1;
    endmodule module sub(input a); endmodule`),
  ).toEqual([]);
});

it('marks what is simulated only, with the least text that shows it', () => {
  expect(
    marked(`module m;
      event e; real r; int q [$]; wire #3 w = 1; assign #(1, 2) w = 0;
      always #5 clk = ~clk;
      initial begin a = 1; #10 $finish; end
      always @(posedge clk) begin
        q <= #1 d; $display("%d", d); x = $random; -> e; force a = 1; y = u.inner; #2 z = 1;
        wait (a) b = 1; disable f; fork b = 1; join @(negedge clk) b = 2;
      end
      sub u(); tran (a, b); specify (a => b) = 1; endspecify
    endmodule module sub; reg inner; endmodule`),
  ).toEqual([
    ['named-event', 'event e;'],
    ['type', 'real r;'],
    ['type', 'q [$]'],
    ['delay', '#3'],
    ['delay', '#(1, 2)'],
    ['process', 'always #5 clk = ~clk;'],
    ['process', 'initial begin a = 1; #10 $finish; end'],
    ['delay', '#1'],
    ['system-task', '$display("%d", d);'],
    ['system-function', '$random'],
    ['named-event', '-> e;'],
    ['force', 'force a = 1;'],
    ['hierarchical-name', 'u.inner'],
    ['delay', '#2'],
    ['wait', 'wait'],
    ['disable', 'disable f;'],
    ['fork', 'fork b = 1; join'],
    ['event-wait', '@(negedge clk)'],
    ['switch', 'tran (a, b);'],
    ['specify', 'specify (a => b) = 1; endspecify'],
  ]);
});

it('does not take fields of structs and interfaces for other instances', () => {
  expect(
    marked(`interface bus; logic a; endinterface
      module m(bus b); bus c(); foo_t s; unknown u(); assign b.a = c.a; assign s.x = u.y; endmodule`),
  ).toEqual([]);
});
