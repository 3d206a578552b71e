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
  script: 'balanced',
  library: 'studio45',
  corner: 'typical',
  clockNs: 2,
  sdc: '',
  analysis: {
    inputSlewNs: 0.02,
    outputLoadFf: 5,
    wireFf: 0.5,
    wirePerFanoutFf: 0.5,
    paths: 20,
    clockGating: false,
    activity: 'vectorless',
    inputToggles: 0.1,
    inputProbability: 0.5,
    saif: '',
  },
  proof: { depth: 20, timeLimitS: 60, start: 'zero' },
};
