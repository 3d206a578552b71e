import type { RtlSlice } from './types.ts';

const COUNTER = `// Counts up while \`enable\` is high, and starts again after LAST.
module counter #(
  parameter WIDTH = 8,
  parameter [WIDTH-1:0] LAST = 199
) (
  input  wire             clk,
  input  wire             reset,
  input  wire             enable,
  output reg  [WIDTH-1:0] count,
  output wire             wraps
);
  assign wraps = enable && count == LAST;

  always @(posedge clk)
    if (reset || wraps) count <= 0;
    else if (enable) count <= count + 1;
endmodule
`;

/** Frozen for version 1 of the document: a change needs a migration. */
export const defaults: RtlSlice = {
  files: [{ path: 'counter.v', text: COUNTER }],
  top: '',
  parameters: {},
  defines: {},
  includeDirs: [],
  fileList: '',
  flatten: true,
  simulation: {
    tops: [],
    plusArgs: [],
    delays: 'typ',
    specify: false,
    timeLimit: '',
    eventLimit: 1_000_000_000,
    record: 'all',
  },
  task: 'synthesise',
};
