import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import type { Engine, Job } from '../core/job.ts';
import { fail } from '../core/result.ts';
import type { Counterexample, ProofOptions } from '../synthesis/equivalence/types.ts';
import { simulateEntry } from '../verilog/entries/simulate.ts';
import { WaveDatabase } from '../verilog/wave/database.ts';
import { proofStep, prove } from './prove.ts';
import { simulateSpecOf } from './simulation.ts';
import { designOf } from './testing.ts';
import type { Against, ProofReport } from './types.ts';

const rtl: Engine = { id: 'rtl', version: '1', entries: { 'proof-step': proofStep } };

interface Options extends Partial<ProofOptions> {
  against?: Partial<Against>;
  job?: Partial<Job>;
}

async function tryProof(gold: string, gate: string, options: Options = {}) {
  const { against, job, ...proof } = options;
  const slice = designOf(
    { 'design.v': gate },
    {
      against: { files: [{ path: 'design.v', text: gold }], ...against },
      proof: { depth: 12, timeLimitS: 60, start: 'zero', ...proof },
    },
  );
  return prove(slice, { ...inlineJob({ engines: { rtl } }), ...job });
}

async function proofOf(gold: string, gate: string, options: Options = {}): Promise<ProofReport> {
  const result = await tryProof(gold, gate, options);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** What a bench says of a design, by the studio's simulator. */
async function verdictOf(design: string, { bench }: Counterexample) {
  const slice = designOf({ 'design.v': design });
  const files = [...slice.files, { ...bench, role: 'bench' as const }];
  const result = await simulateEntry(simulateSpecOf({ ...slice, files }), inlineJob());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function counter(body: string): string {
  return `module top(input clk, input rst, output reg [3:0] n, output wire y);\n${body}\nendmodule\n`;
}

const COUNTER = counter('always @(posedge clk) if (rst) n <= 0; else n <= n + 1;\nassign y = n[0];');

describe('equal', () => {
  it('proves logic that is written another way', async () => {
    const report = await proofOf(
      'module top(input [3:0] a, b, output [3:0] y, output p); assign y = a ^ b; assign p = ^(a ^ b); endmodule',
      'module top(input [3:0] a, b, output [3:0] y, output p); assign y = (a | b) & ~(a & b); assign p = ^a ^ ^b; endmodule',
    );
    expect(report.figures).toEqual({
      equivalence: 'equal',
      boundedDepth: 1,
      pointsMatched: 5,
      pointsProved: 5,
      counterexampleCycles: null,
    });
    expect(report.steps.map(({ method, outcome }) => [method, outcome])).toEqual([['structural', 'equal']]);
    expect(report.steps[0]!.script).toContain('equiv_make gold gate equiv');
    expect(report.preparation.gold).toContain('read_verilog design.v');
  });

  it('proves an asynchronous reset through inner names that mean other things', async () => {
    const report = await proofOf(
      `module top(input clk, rst_n, en, input [3:0] d, output reg [3:0] q);
         wire [3:0] next = q + d;
         always @(posedge clk or negedge rst_n) if (!rst_n) q <= 9; else if (en) q <= next;
       endmodule`,
      `module top(input clk, rst_n, en, input [3:0] d, output reg [3:0] q);
         wire [3:0] next = q - ~d;
         always @(posedge clk or negedge rst_n) if (!rst_n) q <= 9; else q <= en ? next - 1 : q;
       endmodule`,
    );
    expect(report.verdict).toBe('equal');
    // `next` is left out in the second round.
    expect(report.steps.map(({ outcome }) => outcome)).toEqual(['nothing', 'equal']);
    expect(report.assumptions.map(({ id }) => id)).toContain('proof-async');
  });

  it('proves a machine with other state codes, and a pipeline whose sum moved before its registers', async () => {
    const machine = (codes: string, width: number) => `module top(input clk, input [1:0] s, output reg [1:0] o);
      localparam ${codes}; reg [${width - 1}:0] state = A;
      always @(posedge clk) case (state) A: if (s[0]) state <= B; B: state <= s[1] ? C : A; default: state <= A; endcase
      always @* case (state) A: o = 0; B: o = 1; default: o = 3; endcase
    endmodule`;
    const recoded = await proofOf(machine('A = 0, B = 1, C = 2', 2), machine("A = 3'b001, B = 3'b010, C = 3'b100", 3));
    expect(recoded.verdict).toBe('equal');
    const early = `module top(input clk, input [3:0] a, b, output reg [3:0] p); reg [3:0] s;
      always @(posedge clk) begin s <= a + b; p <= s; end endmodule`;
    const late = `module top(input clk, input [3:0] a, b, output reg [3:0] p); reg [3:0] x, y;
      always @(posedge clk) begin x <= a; y <= b; p <= x + y; end endmodule`;
    expect((await proofOf(early, late)).verdict).toBe('equal');
  });

  it('looks as far back as the passes do not', async () => {
    const delay = (next: string, out: string) =>
      `module top(input clk, input d, output y); reg [6:0] r; assign y = ${out}; always @(posedge clk) r <= ${next}; endmodule`;
    const report = await proofOf(delay('{r, d}', 'r[6]'), delay('{d, r[6:1]}', 'r[0]'));
    expect(report.verdict).toBe('equal');
    expect(report.steps.at(-1)).toMatchObject({ method: 'induction', outcome: 'equal' });
    const rare = await proofOf(delay('{r, d}', 'r[6]'), delay('{d, r[6:1]}', 'r[0] ^ &r'));
    expect(rare.figures).toMatchObject({ equivalence: 'different', counterexampleCycles: 8 });
  });

  it('proves a memory under another name, and asks nothing where the compared version gives x', async () => {
    const memory = (
      name: string,
      write: string,
    ) => `module top(input clk, we, input [1:0] wa, ra, input [1:0] d, output [1:0] q);
      reg [1:0] ${name} [0:3]; assign q = ${name}[ra]; always @(posedge clk) ${write} endmodule`;
    const gold = memory('store', 'if (we) store[wa] <= d;');
    const gate = memory('words', 'begin if (we) words[wa][0] <= d[0]; if (we) words[wa][1] <= d[1]; end');
    expect((await proofOf(gold, gate)).verdict).toBe('equal');
    const wrong = await proofOf(gold, memory('words', 'if (we && !(wa == 2 && d == 3)) words[wa] <= d;'));
    expect(wrong.verdict).toBe('different');
    expect(wrong.counterexample).toMatchObject({ cycles: 2, confirmed: true });

    const open =
      "module top(input [1:0] a, output reg y); always @* case (a) 0: y = 1; 1: y = 0; default: y = 1'bx; endcase endmodule";
    const settled = 'module top(input [1:0] a, output y); assign y = ~a[0]; endmodule';
    const report = await proofOf(open, settled);
    expect(report.verdict).toBe('equal');
    expect(report.assumptions.find(({ id }) => id === 'proof-unknown')!.what).toContain('nothing is asked');
    expect((await proofOf(settled, open)).verdict).toBe('different');
    // Nets that are x while they do not matter must not be taken for known ones elsewhere: this is told apart only by what is then written.
    const loaded = (
      other: string,
    ) => `module top(input clk, input we, input d, output q); reg s; wire w = we ? d : 1'bx;
      always @(posedge clk) if (we) s <= w; else s <= ${other}; assign q = s; endmodule`;
    expect((await proofOf(loaded('s'), loaded('~s'))).verdict).toBe('different');
    expect((await proofOf(loaded("1'bx"), loaded('~s'))).verdict).toBe('equal');
  });

  it('takes two clocks and a gated one as inputs', async () => {
    const gated = `module top(input clk, en, d, output reg q, output reg f); reg l;
      always @* if (!clk) l = en; wire g = clk & l;
      always @(posedge g) q <= d; always @(negedge clk) f <= d; endmodule`;
    const enabled = `module top(input clk, en, d, output reg q, output reg f);
      always @(posedge clk) if (en) q <= d; always @(negedge clk) f <= d; endmodule`;
    const report = await proofOf(gated, enabled);
    expect(report.verdict).toBe('equal');
    expect(report.assumptions.find(({ id }) => id === 'proof-clock')!.what).toContain('moment');
  });
});

describe('different', () => {
  const BUG = counter('always @(posedge clk) if (rst) n <= 0; else n <= n + 1;\nassign y = n == 5 ? 0 : n[0];');

  it('finds the shortest way to a bug, and repeats it in the simulator', async () => {
    const report = await proofOf(COUNTER, BUG);
    // n counts 0, 1, 2 ..: in the sixth cycle it is 5.
    expect(report.figures).toMatchObject({ equivalence: 'different', counterexampleCycles: 6, boundedDepth: 5 });
    const example = report.counterexample!;
    expect(example.confirmed).toBe(true);
    expect(example.clocks).toEqual(['clk']);
    expect(example.inputs).toEqual([{ name: 'rst', width: 1, values: ['0', '0', '0', '0', '0', expect.any(String)] }]);
    expect(example.outputs).toEqual([
      expect.objectContaining({ name: 'n', differs: false }),
      {
        name: 'y',
        width: 1,
        gold: ['0', '1', '0', '1', '0', '1'],
        gate: ['0', '1', '0', '1', '0', '0'],
        differs: true,
      },
    ]);
    const waves = new WaveDatabase();
    for (const delta of example.waves) waves.append(delta);
    expect(waves.scopes.filter(({ parent }) => parent < 0).map(({ name }) => name)).toEqual(['gold', 'gate']);
    expect(waves.signals.filter(({ name }) => name === 'y')).toHaveLength(2);
    expect(waves.endTime).toBe(example.endTicks);

    expect((await verdictOf(COUNTER, example)).verdict.kind).toBe('passed');
    const failing = await verdictOf(BUG, example);
    expect(failing.verdict.kind).toBe('failed');
    expect(failing.console.filter(({ text }) => text.startsWith('FAIL in'))).toHaveLength(1);
    expect(failing.failure?.text).toBe('FAIL in cycle 6: y is 0, expected 1');
  });

  it.skipIf(spawnSync('iverilog', ['-V']).error !== undefined)('gives a bench that Icarus agrees on', async () => {
    const gold = `module top(input clk, rst_n, input [3:0] d, output reg [3:0] q); reg [3:0] m [0:1]; reg u;
      always @(posedge clk or negedge rst_n) if (!rst_n) q <= 1; else q <= q + m[u];
      always @(posedge clk) begin m[u] <= d; u <= ~u; end endmodule`;
    const gate = gold.replace('q + m[u]', 'm[u] == 7 ? 0 : q + m[u]');
    const { counterexample: example } = await proofOf(gold, gate);
    expect(example).toMatchObject({ confirmed: true, cycles: 4 });
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    try {
      const say = (design: string): string => {
        writeFileSync(join(folder, 'd.v'), design);
        writeFileSync(join(folder, 'b.v'), example!.bench.text);
        const files = ['d.v', 'b.v'].map((name) => join(folder, name));
        const made = spawnSync('iverilog', ['-g2005', '-o', join(folder, 'run'), ...files]);
        expect(String(made.stderr)).toBe('');
        return String(spawnSync('vvp', ['-n', join(folder, 'run')]).stdout);
      };
      expect(say(gold)).toMatch(/^PASSED/m);
      expect(say(gate)).toMatch(/^FAIL in cycle 4: q/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('never takes for granted that registers start alike', async () => {
    // Each register goes on alike in both, and only a late output shows that they did not start alike.
    const late = (init: number) => `module top(input clk, output y); reg r = ${init}; reg [3:0] n = 0;
      always @(posedge clk) begin r <= r; n <= n == 9 ? 9 : n + 1; end assign y = n == 9 ? r : 0; endmodule`;
    const report = await proofOf(late(0), late(1), { depth: 12 });
    expect(report.figures).toMatchObject({ equivalence: 'different', counterexampleCycles: 10 });
    expect(report.counterexample!.confirmed).toBe(true);
    expect((await proofOf(late(0), late(1), { depth: 6 })).figures).toMatchObject({
      equivalence: 'undecided',
      boundedDepth: 6,
      counterexampleCycles: null,
    });
  });

  it('starts registers at anything, alike where they have one name', async () => {
    const delay = (name: string) =>
      `module top(input clk, input d, output reg q); reg ${name}; always @(posedge clk) begin ${name} <= d; q <= ${name}; end endmodule`;
    expect((await proofOf(delay('a'), delay('a'), { start: 'any' })).verdict).toBe('equal');
    const apart = await proofOf(delay('a'), delay('b'), { start: 'any' });
    expect(apart.figures).toMatchObject({ equivalence: 'different', counterexampleCycles: 2 });
    const { start, confirmed } = apart.counterexample!;
    expect(start.gold.find(({ name }) => name === 'a')!.value).not.toBe(
      start.gate.find(({ name }) => name === 'b')!.value,
    );
    expect(confirmed).toBe(true);
    expect((await proofOf(delay('a'), delay('b'))).verdict).toBe('equal');
  });
});

describe('a proof that starts with a reset', () => {
  const machine = (codes: string, width: number) => `module top(input clk, rst_n, input [1:0] s, output reg [1:0] o);
      localparam ${codes}; reg [${width - 1}:0] state;
      always @(posedge clk) if (!rst_n) state <= A;
        else case (state) A: if (s[0]) state <= B; B: state <= s[1] ? C : A; default: state <= A; endcase
      always @* case (state) A: o = 0; B: o = 1; default: o = 3; endcase
    endmodule`;

  it('asks nothing before, and needs no initial values', async () => {
    const coded = machine('A = 1, B = 0, C = 2', 2);
    const hot = machine("A = 3'b001, B = 3'b010, C = 3'b100", 3);
    expect((await proofOf(coded, hot)).figures).toMatchObject({ equivalence: 'different', counterexampleCycles: 1 });
    const report = await proofOf(coded, hot, { start: 'reset' });
    expect(report.verdict).toBe('equal');
    expect(report.assumptions.find(({ id }) => id === 'proof-start')!.what).toContain('(rst_n = 0)');
  });

  it('finds registers that it does not reach', async () => {
    // The output shows u, which nothing sets, from the eleventh cycle on.
    const design = `module top(input clk, input rst, output reg q); reg u; reg [3:0] s;
      always @(posedge clk) begin s <= rst ? 0 : s == 8 ? s : s + 1; u <= u; q <= !rst && s == 8 && u; end endmodule`;
    const report = await proofOf(design, design, { start: 'reset', depth: 14 });
    expect(report.figures).toMatchObject({ equivalence: 'different', counterexampleCycles: 11 });
    const { confirmed, inputs, outputs, start } = report.counterexample!;
    expect(confirmed).toBe(true);
    expect(inputs[0]!.values[0]).toBe('1');
    expect(outputs[0]!.gold[0]).toBe('x');
    const held = (values: typeof start.gold) => values.find(({ name }) => name === 'u')!.value;
    expect(held(start.gold)).not.toBe(held(start.gate));
    expect((await proofOf(design, design, { start: 'any' })).verdict).toBe('equal');
  });

  it('needs an input that is named so', async () => {
    const result = await tryProof(COUNTER.replaceAll('rst', 'go'), COUNTER.replaceAll('rst', 'go'), { start: 'reset' });
    expect(result).toMatchObject({ ok: false, problems: [{ code: 'no-reset-start' }] });
  });
});

describe('names that tools take apart', () => {
  it('keeps them in the counterexample and its bench', async () => {
    const design = (
      next: string,
    ) => `module top(input clk, a_gold, \\in.x , dut, cycle, output reg y_gate, output \\o[1] , trigger);
      reg q_gold; reg [1:0] \\m[0] ; assign \\o[1] = \\m[0] [1]; assign trigger = q_gold ^ dut ^ cycle;
      always @(posedge clk) begin q_gold <= a_gold; y_gate <= q_gold ^ \\in.x ; \\m[0] <= ${next}; end endmodule`;
    const report = await proofOf(design('{\\m[0] , a_gold}'), design('dut ? 0 : {\\m[0] , a_gold}'), { start: 'any' });
    expect(report.figures).toMatchObject({ equivalence: 'different', counterexampleCycles: 2 });
    const example = report.counterexample!;
    expect(example.confirmed).toBe(true);
    expect(example.inputs.map(({ name }) => name)).toEqual(['a_gold', 'in.x', 'dut', 'cycle']);
    expect(example.outputs.filter(({ differs }) => differs).map(({ name }) => name)).toEqual(['o[1]']);
    // Without x in the design there is none in the example.
    expect(example.outputs.flatMap(({ gold, gate }) => [...gold, ...gate]).join('')).toMatch(/^[01]+$/);
  });
});

describe('undecided, and never equal', () => {
  const MULTIPLY = 'module top(input [15:0] a, b, output [31:0] p); assign p = a * b; endmodule';
  const SHIFTED =
    'module top(input [15:0] a, b, output [31:0] p); assign p = ((a >> 1) * b << 1) + (a[0] ? b : 0); endmodule';

  it('when time is up, in a step or from outside', async () => {
    const report = await proofOf(MULTIPLY, SHIFTED, { timeLimitS: 0.001 });
    expect(report.verdict).toBe('undecided');
    expect(report.steps.map(({ outcome }) => outcome)).toEqual(['timed-out', 'timed-out']);
    expect(report.problems).toEqual([expect.objectContaining({ code: 'undecided', severity: 'warning' })]);
    const calls: (number | undefined)[] = [];
    const call: Job['call'] = async (_entry, _spec, options) => {
      calls.push(options?.timeoutMs);
      return fail({ code: 'timed-out', severity: 'error', what: 'Ended.' });
    };
    const ended = await proofOf(MULTIPLY, SHIFTED, { timeLimitS: 2, job: { call } });
    expect(ended.steps.map(({ outcome }) => outcome)).toEqual(['timed-out', 'timed-out']);
    expect(calls).toEqual([3000, 3000]);
    expect(ended.problems[0]!.what).toContain('No search from the start came to its end');
  });

  it('when a version holds what cannot be known', async () => {
    const box =
      '(* blackbox *) module ip(input a, output y); endmodule\nmodule top(input a, output y); ip u(a, y); endmodule';
    const boxed = await proofOf(box, box, { against: { top: 'top' } });
    expect(boxed.verdict).toBe('undecided');
    expect(boxed.problems.map(({ code }) => code)).toContain('black-box');
    const loop = 'module top(input a, output y); wire u = y & a; assign y = u | ~a; endmodule';
    const looped = await proofOf(loop, loop);
    expect(looped.verdict).toBe('undecided');
    expect(looped.problems.map(({ code }) => code)).toContain('combinational-loop');
    expect(looped.steps).toEqual([]);
  });
});

describe('what cannot be compared', () => {
  it('names every port that differs', async () => {
    const result = await tryProof(
      'module top(input clk, input [3:0] a, output b, output c); endmodule',
      'module top(input clk, input [4:0] a, input b, output d); endmodule',
    );
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.problems.map(({ what }) => what)).toEqual([
      'The port a has 4 bits in the compared version and 5 bits here.',
      'The port b is an output in the compared version and an input here.',
      "The compared version's output c (1 bit) of top is missing in top.",
      "The output d (1 bit) of top is missing in the compared version's top.",
    ]);
  });

  it('says in which version something is wrong', async () => {
    const missing = await tryProof(COUNTER, COUNTER, { against: { top: 'other' } });
    expect(missing).toMatchObject({
      ok: false,
      problems: [
        {
          code: 'no-such-top',
          what: expect.stringMatching(/^In the compared version: /),
          where: { path: 'slices.rtl.against.top' },
        },
      ],
    });
    const none = await prove(designOf({ 'design.v': COUNTER }), inlineJob());
    expect(none).toMatchObject({ ok: false, problems: [{ code: 'no-against' }] });
  });
});

describe('mutated logic', () => {
  /** A random expression over four inputs. */
  const expression: fc.Arbitrary<string> = fc.letrec<{ e: string }>((tie) => ({
    e: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.tuple(fc.constantFrom('&', '|', '^'), tie('e'), tie('e')).map(([op, x, y]) => `(${x} ${op} ${y})`),
      tie('e').map((x) => `~(${x})`),
      fc.tuple(tie('e'), tie('e'), tie('e')).map(([x, y, z]) => `(${x} ? ${y} : ${z})`),
    ),
  })).e;
  const OPERATOR = /[&|^]/g;

  it('is told apart exactly when some inputs tell it apart', async () => {
    await fc.assert(
      fc.asyncProperty(expression, fc.nat(), fc.constantFrom('&', '|', '^'), async (text, at, operator) => {
        const places = [...text.matchAll(OPERATOR)].map(({ index }) => index);
        fc.pre(places.length > 0);
        const place = places[at % places.length]!;
        const mutated = text.slice(0, place) + operator + text.slice(place + 1);
        const design = (body: string) => `module top(input a, b, c, d, output y); assign y = ${body}; endmodule`;
        const report = await proofOf(design(text), design(mutated));
        expect(report.verdict).toBe((await table(text)) === (await table(mutated)) ? 'equal' : 'different');
        if (report.counterexample) expect(report.counterexample).toMatchObject({ cycles: 1, confirmed: true });
      }),
      { numRuns: 3 },
    );
  });

  /** The outputs for all inputs, by the studio's simulator. */
  async function table(body: string): Promise<string> {
    const bench = `module bench; reg a, b, c, d; wire y = ${body}; integer i;
      initial for (i = 0; i < 16; i = i + 1) begin {a, b, c, d} = i; #1 $write("%b", y); end endmodule`;
    const result = await simulateEntry(simulateSpecOf(designOf({ 'bench.v': bench })), inlineJob());
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.value.console.map(({ text }) => text).join('');
  }
});
