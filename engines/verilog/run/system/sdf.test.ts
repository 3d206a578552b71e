import { describe, expect, it } from 'vitest';
import { readSdf } from '../../sdf/read.ts';
import { simulate } from '../simulate.fixture.ts';

const CELLS = `\`timescale 1ns/1ps
module INV(input A, output Y); not(Y, A); specify (A => Y) = (0.5, 0.5); endspecify endmodule
module DFF(input CK, D, output reg Q);
  always @(posedge CK) Q <= D;
  specify (posedge CK => (Q : D)) = (1, 1); endspecify
endmodule
module net(input clk, d, output y, q);
  wire w;
  INV \\u1.g1 (.A(d), .Y(w));
  INV g2 (.A(w), .Y(y));
  DFF ff(.CK(clk), .D(y), .Q(q));
endmodule
module tb;
  reg clk = 0, d = 0;
  wire y, q;
  net dut(clk, d, y, q);
  initial $sdf_annotate("net.sdf", dut);
  initial begin
    $monitor("%0t %b%b %b%b", $realtime, clk, d, y, q);
    #5 d = 1;
    #5 clk = 1;
    #5 clk = 0; d = 0;
    #5 clk = 1;
    #5 $finish;
  end
endmodule
`;

function sdf(cells: string): string {
  return `(DELAYFILE (SDFVERSION "3.0") (DIVIDER /) (TIMESCALE 1ns)\n${cells}\n)`;
}

const INV = (instance: string, delays: string) =>
  `(CELL (CELLTYPE "INV") (INSTANCE ${instance}) (DELAY (ABSOLUTE (IOPATH A Y ${delays}))))`;

const WHOLE = sdf(
  [
    INV('u1\\.g1', '(0.1:0.123:0.2) (0.3:0.321:0.4)'),
    INV('g2', '(0.045) ()'),
    '(CELL (CELLTYPE "DFF") (INSTANCE ff) (DELAY (ABSOLUTE (IOPATH (posedge CK) Q (0.2:0.25:0.3) (0.26:0.27:0.28)))))',
  ].join('\n'),
);

describe('delays of an SDF file', () => {
  // Times after 5 ns as Icarus Verilog 11 prints them for the same sources, but for the escaped name, which it does not find.
  it('take the place of those of specify blocks, edge by edge', () => {
    const { text } = simulate(CELLS, { specify: false }, { 'net.sdf': WHOLE });
    expect(text.split('\n').filter((line) => Number(line.split(' ')[0]) >= 5000)).toEqual([
      '5000 01 0x',
      // w falls after 0.321 ns, y rises after 0.045 ns more.
      '5366 01 1x',
      '10000 11 1x',
      '10250 11 11',
      '15000 00 11',
      // w rises after 0.123 ns; the fall of y keeps the 0.5 ns of the cell: its value in the file is empty.
      '15623 00 01',
      '20000 10 01',
      '20270 10 00',
    ]);
  });

  it('are the least or the most when the run asks for them', () => {
    const fallOfW = (delays: 'min' | 'max') =>
      simulate(CELLS, { delays }, { 'net.sdf': WHOLE })
        .text.split('\n')
        .find((line) => line.endsWith('01 1x'));
    expect(fallOfW('min')).toBe('5345 01 1x');
    expect(fallOfW('max')).toBe('5445 01 1x');
  });

  it('that have no place in the design are named, and the others hold', () => {
    const { outcome, text } = simulate(
      CELLS,
      {},
      { 'net.sdf': sdf(INV('nobody', '(1) (1)') + INV('g2', '(0.1) (0.1)') + INV('ff', '(1) (1)')) },
    );
    expect(outcome.warnings.map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/2 have no place in the design: instance nobody; tb\.dut\.ff: A to Y/),
    );
    expect(text).toContain('5600 01 1x');
  });

  it('missing or broken, leave the run as it is and say so', () => {
    const missing = simulate(CELLS);
    expect(missing.outcome.warnings.map(({ code }) => code)).toContain('sdf-missing');
    expect(missing.text).toContain('6000 01 1x');
    const cut = simulate(CELLS, {}, { 'net.sdf': WHOLE.slice(0, -8) });
    expect(cut.outcome.warnings).toContainEqual(
      expect.objectContaining({ code: 'sdf-syntax', where: { file: 'net.sdf', line: 4 } }),
    );
  });

  it('of kinds that are not read are named', () => {
    const read = readSdf(
      sdf('(CELL (CELLTYPE "x") (INSTANCE) (DELAY (ABSOLUTE (INTERCONNECT a b (1)))) (TIMINGCHECK (SETUP D CK (1))))'),
      'x.sdf',
    );
    expect(read.ok && read.value.problems.map(({ what, severity }) => [what.split(' ')[0], severity])).toEqual([
      ['INTERCONNECT', 'warning'],
      ['TIMINGCHECK', 'note'],
    ]);
  });
});
