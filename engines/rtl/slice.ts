import * as z from 'zod/mini';
import type { SliceDefinition } from '../document/types.ts';
import type { RtlSlice } from './types.ts';

const path = z.string().check(z.minLength(1, 'A file needs a path.'));

const schema = z.strictObject({
  files: z.array(
    z.union([
      z.strictObject({ path, text: z.string() }),
      z.strictObject({
        path,
        blob: z.strictObject({
          name: z.string(),
          bytes: z.number().check(z.nonnegative()),
          sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'A SHA-256 has 64 hexadecimal digits.')),
        }),
      }),
    ]),
  ),
  top: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
  defines: z.record(z.string(), z.string()),
  includeDirs: z.array(z.string()),
  fileList: z.string(),
  flatten: z.boolean(),
  task: z.literal('synthesise'),
});

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
const defaults: RtlSlice = {
  files: [{ path: 'counter.v', text: COUNTER }],
  top: '',
  parameters: {},
  defines: {},
  includeDirs: [],
  fileList: '',
  flatten: true,
  task: 'synthesise',
};

export const slice: SliceDefinition<RtlSlice> = {
  id: 'rtl',
  schema,
  defaults,
  migrations: {},
  examples: async () => (await import('./examples/index.ts')).examples,
};
