import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { runYosys } from '../synthesis/yosys.ts';
import type { YosysNetlist } from '../synthesis/yosys-json.ts';
import { compileSource } from '../verilog/front-end.ts';
import { benchOf, circuit } from '../verilog/print/lower.fixture.ts';
import { lowerDesign } from '../verilog/print/lower.ts';
import { simulate } from '../verilog/run/simulate.fixture.ts';
import { bundle } from './bundle.ts';
import { check } from './check.ts';
import { gallery } from './examples/index.ts';
import { lowerPlan } from './lowering.ts';
import { planOf } from './plan.ts';
import { synthesise } from './synthesise.ts';
import { designOf, inlineJob } from './testing.ts';

const LIMITS = { limits: { memoryBytes: 1e8, stepEvents: 1e6, outputChars: 1e6, waveBytes: 1e6 } };
const STEPS = 16;
const COUNT = 8;

function lowered(text: string, top: string): string {
  const { elaborated, problems } = compileSource(
    {
      files: ['t.sv'],
      tops: [top],
      defines: {},
      includeDirs: [],
      parameters: {},
      libraryDirs: [],
      librarySuffixes: [],
      separateUnits: false,
      delays: 'typ',
      specify: false,
    },
    () => text,
  );
  const design = elaborated?.design;
  if (!design) throw new Error(JSON.stringify(problems));
  const result = lowerDesign(design, design.tops[0]!);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value.text;
}

async function gatesOf(text: string): Promise<string> {
  const run = await runYosys({
    script: [
      'read_verilog low.v',
      'proc',
      'opt_expr',
      'opt_clean',
      'memory -nordff',
      'techmap',
      'opt -fast',
      'abc -fast -g AND,OR,XOR,MUX',
      'opt_clean',
      'write_verilog -noattr',
      '',
    ].join('\n'),
    files: { 'low.v': text },
    quiet: true,
  });
  if (run.exit !== 0) throw new Error(run.log.join('\n'));
  return new TextDecoder().decode(run.output);
}

describe('lowered and synthesised', () => {
  it('random circuits do the same as gates, in every bit that is known before', async () => {
    const names = Array.from({ length: COUNT }, (_, i) => `m${i}`);
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const [modules = []] = fc.sample(fc.tuple(...names.map(circuit)), { numRuns: 1, seed });
        const bench = benchOf(names, STEPS);
        const before = simulate([...modules, bench].join('\n')).text;
        const plain = modules.map((text, i) => lowered(text, names[i]!)).join('\n');
        const between = simulate(plain + bench).text;
        const after = simulate((await gatesOf(plain)) + bench, LIMITS).text;
        const own = before.split('\n');
        for (const [what, text] of Object.entries({ lowered: between, gates: after })) {
          const other = text.split('\n');
          expect(other.length).toBe(own.length);
          own.forEach((line, i) => {
            const known = [...line]
              .map((bit, at) => (bit === 'x' || bit === 'z' ? (other[i]![at] ?? '') : bit))
              .join('');
            const step = Math.floor(i / COUNT);
            if (known !== other[i])
              throw new Error(`${what}, step ${step}: ${other[i]} for ${line}\n${modules[i % COUNT]}`);
          });
        }
        expect(before).toMatch(/1/);
      }),
      { numRuns: 1, endOnFailure: true },
    );
  });
});

const STREAM = `typedef enum logic [1:0] { IDLE, RUN, DONE } state_t;
interface stream_if(input logic clk);
  logic valid, ready;
  logic [7:0] data;
  modport src(output valid, data, input ready, clk);
  modport dst(input valid, data, clk, output ready);
endinterface
module producer(stream_if.src s, input logic rst);
  always_ff @(posedge s.clk)
    if (rst) begin s.data <= 0; s.valid <= 0; end
    else if (s.ready) begin s.data <= s.data + 1; s.valid <= 1; end
endmodule
module consumer #(parameter int WORDS = 4) (stream_if.dst s, input logic rst, output logic [11:0] sum, output state_t state);
  typedef struct { logic [7:0] last; logic [3:0] seen; } info_t;
  info_t info;
  logic [7:0] words [WORDS];
  assign s.ready = state != DONE;
  always_ff @(posedge s.clk)
    if (rst) begin
      sum <= 0; state <= state.first(); info.last <= 0; info.seen <= 0;
      foreach (words[i]) words[i] <= 0;
    end else if (s.valid) begin
      sum <= sum + words[WORDS - 1];
      info.last <= s.data + sum[7:0];
      info.seen <= info.seen + 1;
      for (int i = WORDS - 1; i > 0; i--) words[i] <= words[i - 1];
      words[0] <= {<<{s.data}};
      if (info.last inside {[3:5], 8'd9, 8'b1?00_0000} && info.seen != 0) state <= state.next();
    end
endmodule
module top #(parameter int WORDS = 4) (input logic clk, rst, output logic [11:0] sum, output state_t state);
  stream_if bus(clk);
  producer p(.s(bus.src), .rst);
  consumer #(WORDS) c(.s(bus.dst), .*);
endmodule
`;

describe('sources that Yosys refuses', () => {
  const files = { 'rtl/a stream.sv': STREAM };

  it('reach gates, with a note and with the lines of the source', async () => {
    const result = await synthesise(designOf(files, { parameters: { WORDS: 3 } }), inlineJob());
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { figures, problems, cellsByLine, unattributedCells, modules, top } = result.value;
    // Producer: data, valid. Consumer: sum, state, last, seen, three words.
    expect(figures.flipFlops).toBe(8 + 1 + 12 + 2 + 8 + 4 + 3 * 8);
    expect(figures.latches).toBe(0);
    expect(top).toBe('top');
    const note = problems.find(({ code }) => code === 'lowered');
    expect(note?.severity).toBe('note');
    expect(note?.where?.file).toBe('rtl/a stream.sv');
    expect(unattributedCells * 20).toBeLessThanOrEqual(figures.cells);
    const lines = STREAM.split('\n');
    const adding = lines.findIndex((line) => line.includes('sum <= sum')) + 1;
    expect(new Set(cellsByLine.map(({ file }) => file))).toEqual(new Set(['rtl/a stream.sv']));
    expect(cellsByLine.find(({ line }) => line === adding)?.cells).toBeGreaterThan(12);
    expect(modules.map(({ name }) => name)).toEqual(['producer', 'consumer', 'top']);
    expect(modules.at(-1)?.parameters).toEqual([{ name: 'WORDS', value: '4' }]);
  });

  it('are checked without an error, and bundled with what they became', async () => {
    const checked = await check(designOf(files), inlineJob());
    expect(checked.ok && checked.value.problems.map(({ code }) => code)).toContain('lowered');
    expect(checked.ok && checked.value.problems.some(({ severity }) => severity === 'error')).toBe(false);
    const zip = await bundle(designOf(files), inlineJob());
    if (!zip.ok) throw new Error(JSON.stringify(zip.problems));
    const held = unzipSync(zip.value.bytes);
    const text = new TextDecoder().decode(held['lowered.v']);
    expect(text).toContain('module top(');
    expect(new TextDecoder().decode(held['gates.ys'])).toContain('read_verilog lowered.v');
  });

  it('say what has no gates, with its place', async () => {
    const text =
      'module top(input clk, output logic q);\n  string s;\n  always_ff @(posedge clk) begin\n    s = "a";\n    q <= s == "b";\n  end\nendmodule\n';
    const result = await synthesise(designOf({ 'top.sv': text }), inlineJob());
    expect(result.ok).toBe(false);
    const found = result.ok ? [] : result.problems.filter(({ code }) => code === 'not-synthesisable');
    expect(found.map(({ where }) => where?.line)).toContain(4);
  });
});

/** Bits of flip-flops of a netlist of words in one module. */
function flipFlopBits({ modules }: YosysNetlist): number {
  let bits = 0;
  for (const { cells } of Object.values(modules)) {
    for (const { type, parameters } of Object.values(cells ?? {})) {
      if (/^\$(s|a|al)?dff/.test(type)) bits += Number.parseInt(String(parameters?.WIDTH), 2);
    }
  }
  return bits;
}

describe('the gallery, lowered', () => {
  const reading = ['proc', 'flatten', 'opt_expr', 'opt_clean', 'memory', 'opt_clean', 'write_json'];
  for (const { id, slice } of gallery) {
    it(`${id}: has the flip-flops of the sources`, async () => {
      const plan = await planOf(slice, inlineJob());
      if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
      const made = await lowerPlan(plan.value, slice, new AbortController().signal);
      if (!made || 'problems' in made) throw new Error(JSON.stringify(made));
      const { script } = plan.value;
      const read = script.sources.map(
        ({ name, systemVerilog }) => `read_verilog ${systemVerilog ? '-sv ' : ''}${name}`,
      );
      const include = script.includeDirs.map((dir) => `verilog_defaults -add -I${dir}`);
      const counts: number[] = [];
      const run = await runYosys({
        script: [
          ...include,
          ...read,
          `hierarchy -check -top ${made.top}`,
          ...reading,
          'design -reset',
          'read_verilog lowered.v',
          'hierarchy -check -auto-top',
          ...reading,
          '',
        ].join('\n'),
        files: made.plan.sources.tree,
        onDocument(text) {
          counts.push(flipFlopBits(JSON.parse(text)));
          return undefined;
        },
      });
      expect(run.errorLine).toBeUndefined();
      expect(counts).toHaveLength(2);
      expect(counts[1]).toBe(counts[0]);
    });
  }
});
