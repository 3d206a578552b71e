import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Bench {
  name: string;
  baseline?: { name: string; run(): Promise<number> };
  runs?: number;
  limit?: number;
  ratioLimit?: number;
  run(): Promise<number>;
}

/**
 * Whole runs of clocked designs: compiling and running, from the start of the program to its end, against Icarus Verilog (and, for
 * information, Verilator) where these are installed. Both must print the same last line.
 */
const here = dirname(fileURLToPath(import.meta.url));
const examples = join(here, '../rtl/examples');
const command = join(here, '../../build/cli/crossbar-studio.js');

interface Design {
  name: string;
  /** Where includes are found. */
  folder: string;
  files: string[];
}

const speed = (file: string) => join(here, 'speed', file);
const designs: Design[] = [
  {
    name: 'RISC-V core, 150,000 clocks',
    folder: join(examples, 'riscv'),
    files: [
      'riscv_pkg.sv',
      'alu.sv',
      'decoder.sv',
      'register_file.sv',
      'load_store.sv',
      'riscv.sv',
      speed('riscv_run.sv'),
    ],
  },
  { name: 'FIR, 16 taps, 200,000 clocks', folder: join(examples, 'fir'), files: ['fir.v', speed('fir_run.v')] },
  {
    name: 'SHA-256, a round a clock, 134,000 clocks',
    folder: join(here, 'speed'),
    files: ['sha256.v', 'sha256_run.v'],
  },
  {
    name: 'systolic array 8 x 8, 100,000 clocks',
    folder: join(here, 'speed'),
    files: ['systolic8.v', 'systolic_run.v'],
  },
];

function installed(program: string): boolean {
  return spawnSync(program, ['-V'], { stdio: 'ignore' }).error === undefined;
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1) ?? '';
const printed = new Map<string, string>();

function agree(design: string, text: string): void {
  const line = lastLine(text);
  const known = printed.get(design);
  if (known === undefined) printed.set(design, line);
  else if (known !== line) throw new Error(`${design}: ${line} and ${known} differ.`);
}

async function ours({ name, folder, files }: Design): Promise<number> {
  const from = performance.now();
  const text = execFileSync('node', [command, 'sim', '-g2012', '-I.', ...files], { cwd: folder, encoding: 'utf8' });
  const time = performance.now() - from;
  agree(name, text);
  return time;
}

async function icarus({ name, folder, files }: Design): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'speed-'));
  try {
    const from = performance.now();
    execFileSync('iverilog', ['-g2012', '-I.', '-o', join(scratch, 'run'), ...files], { cwd: folder });
    const text = execFileSync('vvp', ['-n', join(scratch, 'run')], { cwd: folder, encoding: 'utf8' });
    const time = performance.now() - from;
    agree(name, text);
    return time;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const hasIcarus = installed('iverilog');

/** A design of about 5,000 lines: instances of one pipeline with names of their own. */
function longDesign(): string {
  const stages = Array.from({ length: 310 }, (_, i) => {
    const [a, b] = [`s${i}`, `s${i + 1}`];
    return `  wire [31:0] ${b};
  reg [31:0] r${i}, t${i};
  wire [31:0] x${i} = ${a} ^ {${a}[15:0], ${a}[31:16]};
  wire [31:0] y${i} = x${i} + ${i};
  always @(posedge clk) begin
    if (reset) begin
      r${i} <= 0;
      t${i} <= 0;
    end else begin
      r${i} <= y${i};
      t${i} <= r${i} & x${i};
    end
  end
  assign ${b} = r${i} | t${i};
`;
  });
  return `module long(input clk, input reset, input [31:0] s0, output [31:0] q);
${stages.join('\n')}
  assign q = s310;
endmodule
module tb;
  reg clk = 0, reset = 1;
  wire [31:0] q;
  long dut(clk, reset, 32'h12345678, q);
  initial begin
    #1 clk = 1;
    #1 $display("%h", q);
  end
endmodule
`;
}

async function inProcess(text: string, count: number): Promise<number> {
  const { simulate } = await import('./simulate.ts');
  const encoder = new TextEncoder();
  const from = performance.now();
  for (let i = 0; i < count; i++) {
    const bytes = encoder.encode(text.replaceAll('SEED', String(i)));
    const result = await simulate(
      {
        files: ['tb.v'],
        tops: [],
        defines: {},
        includeDirs: [],
        parameters: {},
        libraryDirs: [],
        librarySuffixes: [],
        separateUnits: false,
        delays: 'typ',
        specify: false,
        plusArgs: [],
        backEnd: 'auto',
        record: false,
        limits: { memoryBytes: 2 ** 29, stepEvents: 1e7, outputChars: 1e7, waveBytes: 2 ** 28 },
      },
      { files: { read: () => bytes, write: () => {} }, signal: new AbortController().signal, print: () => {} },
    );
    if (!result.ok) throw new Error(result.problems[0]?.what);
  }
  return performance.now() - from;
}

const smallBench = () =>
  ['fifo.v', 'bench/fifo_tb.v']
    .map((file) => readFileSync(join(examples, 'fifo', file), 'utf8'))
    .join('\n')
    .replace(/i < \d+/, 'i < 100 + SEED - SEED');

export const benches: Bench[] = [
  ...designs.map(
    (design): Bench => ({
      name: `simulate: ${design.name}`,
      run: () => ours(design),
      ...(hasIcarus && { baseline: { name: 'iverilog + vvp', run: () => icarus(design) }, ratioLimit: 1 }),
    }),
  ),
  { name: 'simulate: compile a design of 5,000 lines', limit: 1000, run: () => inProcess(longDesign(), 1) },
  {
    name: 'simulate: 300 small benches in one worker',
    limit: 60_000,
    runs: 1,
    run: () => inProcess(smallBench(), 300),
  },
];
