import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeLink, parseAddress } from '../engines/document/index.ts';
import { createRegistry } from '../engines/document/registry.ts';
import { slice } from '../engines/rtl/slice.ts';

/* The command as users run it: a bundle of its own, made for this test inside build/, where it finds node_modules. */

const root = fileURLToPath(new URL('../', import.meta.url));
let bundle: string;
let folder: string;

beforeAll(async () => {
  mkdirSync(join(root, 'build'), { recursive: true });
  bundle = mkdtempSync(join(root, 'build/test-cli-'));
  folder = mkdtempSync(join(tmpdir(), 'crossbar-cli-'));
  await build({
    configFile: join(root, 'workers/vite/cli.config.ts'),
    logLevel: 'error',
    build: { outDir: bundle },
  });
});

afterAll(() => {
  rmSync(bundle, { recursive: true });
  rmSync(folder, { recursive: true });
});

interface Outcome {
  code: number | null;
  signal: string | null;
  out: string;
  err: string;
}

function command(
  args: string[],
  { input = '', cwd = folder }: { input?: string; cwd?: string } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(join(bundle, 'crossbar-studio.js'), args, { cwd });
    let out = '';
    let err = '';
    child.stdout.on('data', (part) => {
      out += part;
    });
    child.stderr.on('data', (part) => {
      err += part;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}

const REGISTER = 'module top(input c, input [3:0] a, output reg [3:0] b); always @(posedge c) b <= a; endmodule\n';
const design = (text: string, more: object = {}) => ({
  lab: 'rtl',
  slices: { rtl: { files: [{ path: 'top.v', text }], ...more } },
});
function write(name: string, content: unknown): string {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}
const figuresOf = (out: string) => (JSON.parse(out) as { figures: Record<string, number> }).figures;

describe('help and usage', () => {
  it('lists the commands and the labs', async () => {
    for (const args of [['--help'], ['-h'], ['help'], ['run', '--help']]) {
      const { code, out } = await command(args);
      expect(code).toBe(0);
      for (const name of ['run', 'sweep', 'open', 'pack', 'unpack', 'serve', 'sim'])
        expect(out).toContain(`\n  ${name}`);
      expect(out).toMatch(/^Labs: .*\brtl\b/m);
    }
    expect((await command(['--version'])).out).toMatch(/^crossbar-studio \d+\.\d+\.\d+\n$/);
  });

  it.each([
    [[]],
    [['bogus']],
    [['constructor']],
    [['run']],
    [['run', 'a.json', 'b.json']],
    [['run', '--bogus', 'a.json']],
    [['run', '--set', 'flatten', 'a.json']],
    [['run', '--set', '=1', 'a.json']],
    [['run', '--seed', 'x', 'a.json']],
    [['sweep', '--jobs', '0', 'a.ndjson']],
    [['serve', '--port', 'x']],
    [['serve', '--base', 'studio']],
  ])('exits with 2 when called as %j', async (args) => {
    const { code, err, out } = await command(args);
    expect(code).toBe(2);
    expect(err || out).toContain('crossbar-studio');
  });
});

describe('sim', () => {
  const bench = `\`timescale 1ns/1ps
\`include "width.vh"
module tb #(parameter N = 1);
  reg [\`WIDTH-1:0] count = 0;
  integer file, limit;
  initial begin
    if (!$value$plusargs("limit=%d", limit)) limit = 3;
    file = $fopen("sim.log");
    repeat (limit) #10 count = count + N;
    $fdisplay(file, "count %0d", count);
    $display("%0t: %h", $time, count);
    $finish;
  end
endmodule
`;

  it('compiles, runs, and reads and writes the working directory', async () => {
    mkdirSync(join(folder, 'inc'), { recursive: true });
    write('inc/width.vh', '`define WIDTH 12\n');
    const file = write('bench.v', bench);
    const args = ['sim', '-Iinc', '-Ptb.N=5', file, '+limit=4', '--vcd', 'all.vcd'];
    expect(await command(args)).toEqual({ code: 0, signal: null, out: '40000: 014\n', err: '' });
    expect(readFileSync(join(folder, 'sim.log'), 'latin1')).toBe('count 20\n');
    expect(readFileSync(join(folder, 'all.vcd'), 'latin1')).toMatch(
      /\$var reg 12 \S+ count \[11:0\] \$end[\s\S]*#40000\n/,
    );
  });

  it('exits with 1 at an error, said with file and line', async () => {
    const file = write('wrong.v', 'module tb;\n  initial $display(nothing;\nendmodule\n');
    const { code, out, err } = await command(['sim', file]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^wrong\.v:2: error: /);
    expect((await command(['sim', 'none.v'])).err).toMatch(/^none\.v: error: /);
    expect((await command(['sim'])).code).toBe(1);
    const fatal = write('fatal.sv', 'module tb;\n  initial $fatal(1, "dead");\nendmodule\n');
    expect((await command(['sim', fatal])).code).toBe(1);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const file = write('endless.v', 'module tb;\n  initial forever #1 $display("line");\nendmodule\n');
    const child = spawn(join(bundle, 'crossbar-studio.js'), ['sim', file], { cwd: folder });
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toBe(0);
  });
});

describe('run', () => {
  it('prints the report, from any folder, the same from a file and from standard input', async () => {
    const file = write('register.json', design(REGISTER));
    const { code, out, err } = await command(['run', file]);
    expect([code, err]).toEqual([0, '']);
    expect(figuresOf(out)).toMatchObject({ flipFlops: 4, latches: 0 });
    const elsewhere = await command(['run', join(folder, file)], { cwd: tmpdir() });
    const piped = await command(['run', '-'], { input: JSON.stringify(design(REGISTER)) });
    for (const other of [elsewhere, piped]) expect(figuresOf(other.out)).toEqual(figuresOf(out));
  });

  it('reads the files that a design names, from the folder of the design', async () => {
    mkdirSync(join(folder, 'inner'), { recursive: true });
    write('inner/top.v', REGISTER);
    const file = write('inner/named.json', {
      lab: 'rtl',
      slices: { rtl: { files: [{ path: 'top.v', file: 'top.v' }] } },
    });
    const { code, out } = await command(['run', join(folder, file)], { cwd: tmpdir() });
    expect([code, figuresOf(out).flipFlops]).toEqual([0, 4]);
    write('inner/named.json', { lab: 'rtl', slices: { rtl: { files: [{ path: 'top.v', file: 'gone.v' }] } } });
    const gone = await command(['run', file]);
    expect(gone.code).toBe(1);
    expect(gone.err).toContain('slices.rtl.files.0.file');
    expect(gone.err).toContain('gone.v');
  });

  it('changes values on the way', async () => {
    const file = write('set.json', design(REGISTER));
    const wide = REGISTER.replaceAll('[3:0]', '[8:0]');
    for (const path of ['files.0.text', 'slices.rtl.files.0.text']) {
      const { out } = await command(['run', file, '--set', `${path}=${wide}`]);
      expect(figuresOf(out).flipFlops).toBe(9);
    }
    const absent = await command(['run', file, '--set', 'files.7.text=x']);
    expect([absent.code, absent.out]).toEqual([2, '']);
    const typo = await command(['run', file, '--set', 'topp=x']);
    expect([typo.code, typo.out]).toEqual([1, '']);
    expect(typo.err).toContain('slices.rtl.topp');
  });

  it('refuses a wrong key with its path, and repairs it when asked', async () => {
    const file = write('key.json', design(REGISTER, { flaten: true }));
    const strict = await command(['run', file]);
    expect([strict.code, strict.out]).toEqual([1, '']);
    expect(strict.err).toContain('key.json: slices.rtl.flaten: error:');
    expect(strict.err).toContain('flatten');
    const repaired = await command(['run', file, '--repair']);
    expect([repaired.code, figuresOf(repaired.out).flipFlops]).toEqual([0, 4]);
    expect(repaired.err).toContain('slices.rtl.flaten: warning:');
  });

  it.each([
    ['a newer version', { ...design(REGISTER), version: 99 }, [], /version: error: .*99/],
    ['an unknown lab', { lab: 'nosuch', slices: {} }, [], /lab.*nosuch/],
    ['an unknown lab given', design(REGISTER), ['--lab', 'nosuch'], /nosuch/],
    ['no JSON', '{"lab": "rtl",', [], /line 1, column/],
    ['a syntax error', design('module top(input a; endmodule'), [], /top\.v:1/],
    ['an unknown seed', { ...design(REGISTER), seed: -1 }, [], /seed/],
  ])('exits with 1 on %s, and says where', async (_name, content, args, message) => {
    const { code, out, err } = await command(['run', write('wrong.json', content), ...args]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(message);
    expect(err).not.toContain('    at ');
  });

  it('exits with 1 on a file that is not there', async () => {
    const { code, err } = await command(['run', 'nowhere.json']);
    expect(code).toBe(1);
    expect(err).toContain('nowhere.json');
  });

  it('ends on an interrupt', async () => {
    const child = spawn(join(bundle, 'crossbar-studio.js'), ['run', '-'], { cwd: folder });
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGINT');
    expect(['SIGINT', 130]).toContain(await ended);
  });
});

describe('sweep', () => {
  it('prints a report a line in order, runs past bad lines, and names them', async () => {
    const widths = [5, 1, 9, 2];
    const lines = widths.map((width) => JSON.stringify(design(REGISTER.replaceAll('3:0', `${width - 1}:0`))));
    lines.splice(1, 0, '{"lab":', '');
    lines.push(JSON.stringify(design('module top(input a; endmodule')));
    const file = write('sweep.ndjson', `${lines.join('\n')}\n`);
    const { code, out, err } = await command(['sweep', file, '-j', '2']);
    expect(code).toBe(1);
    const reports = out.trimEnd().split('\n');
    expect(reports.map((line) => figuresOf(line).flipFlops)).toEqual(widths);
    expect(err).toMatch(/sweep\.ndjson:2: error: .*JSON/);
    expect(err).toMatch(/sweep\.ndjson:7: top\.v:1: error: /);
  });

  it('exits with 0 when every line ran', async () => {
    const { code, out } = await command(['sweep', '-'], { input: `\r\n${JSON.stringify(design(REGISTER))}\r\n` });
    expect([code, out.split('\n').length]).toEqual([0, 2]);
  });
});

describe('open, pack and unpack', () => {
  it('prints a link that opens as the same design', async () => {
    const file = write('link.json', { ...design(REGISTER), title: 'Register', seed: 9 });
    const { out } = await command(['open', file, '--base', 'https://studio.example/x/']);
    expect(out.startsWith('https://studio.example/x/#/rtl?d=')).toBe(true);
    const address = parseAddress(out.trim().slice(out.indexOf('#')));
    const registry = createRegistry();
    registry.register(slice);
    const linked = address.kind === 'link' ? await decodeLink(address, registry) : undefined;
    const document = linked?.ok ? linked.value.document : undefined;
    expect(document).toMatchObject({ title: 'Register', seed: 9, lab: 'rtl' });
    expect(document?.slices.rtl).toMatchObject({ files: [{ path: 'top.v', text: REGISTER }] });
    expect((await command(['open', file])).out).toBe(out.slice(out.indexOf('#')));
  });

  it('packs a design into one file that runs, and unpacks it again', async () => {
    const file = write('packed.json', design(REGISTER));
    expect((await command(['pack', file])).out).toBe('packed.zip\n');
    const run = await command(['run', 'packed.zip']);
    expect(figuresOf(run.out).flipFlops).toBe(4);
    expect((await command(['unpack', 'packed.zip', '-o', 'there'])).out).toBe(`${join('there', 'design.json')}\n`);
    const document = JSON.parse(readFileSync(join(folder, 'there/design.json'), 'utf8'));
    expect(document.slices.rtl.files).toEqual([{ path: 'top.v', text: REGISTER }]);
  });

  it('says what is wrong with a pack that is none', async () => {
    const { code, err } = await command(['unpack', write('broken.zip', 'PK not a zip')]);
    expect(code).toBe(1);
    expect(err).toContain('damaged');
  });
});
