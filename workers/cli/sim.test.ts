import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { abortError } from '../../engines/core/abort.ts';
import { error, fail, ok } from '../../engines/core/result.ts';
import type { SimOutcome, SimSpec, Simulate } from '../../engines/verilog/run/types.ts';
import { ByteStream } from './byte-stream.ts';
import { sim } from './sim.ts';

let folder: string;
let told: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossbar-sim-'));
  told = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += text;
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const outcome = (more: Partial<SimOutcome> = {}): SimOutcome => ({
  end: { kind: 'finish' },
  timeTicks: 5,
  precision: -9,
  exitStatus: 0,
  warnings: [],
  backEnd: 'interpreted',
  counts: { events: 1, signals: 1, processes: 1 },
  ...more,
});

/** Runs `sim` with an engine that is played; what it prints goes to a file. */
async function run(argv: string, simulate: Simulate): Promise<{ code: number; out: string }> {
  const path = join(folder, 'out');
  const descriptor = openSync(path, 'w');
  const code = await sim(argv.split(' '), simulate, new ByteStream(descriptor));
  closeSync(descriptor);
  return { code, out: readFileSync(path, 'latin1') };
}

describe('sim', () => {
  it('prints what the design prints, byte for byte, and answers with its exit status', async () => {
    const seen: SimSpec[] = [];
    const played = await run('a.v +fast -s tb', async (spec, { print }) => {
      seen.push(spec);
      print('hi\n');
      print('\xe9\x00');
      return ok(outcome({ exitStatus: 1 }));
    });
    expect(played).toEqual({ code: 1, out: 'hi\n\xe9\x00' });
    expect(seen[0]).toMatchObject({ files: ['a.v'], tops: ['tb'], plusArgs: ['fast'] });
    expect(told).toBe('');
  });

  it('says what is wrong as file:line: error, and answers 1', async () => {
    const played = await run('a.v', async () =>
      fail(error('syntax', 'Something stands here.', 'Write another thing.', { file: 'a.v', line: 4, column: 2 })),
    );
    expect(played).toEqual({ code: 1, out: '' });
    expect(told).toBe('a.v:4: error: Something stands here.\na.v:4:      : Write another thing.\n');
  });

  it('refuses a wrong command line without running anything', async () => {
    const simulate = vi.fn<Simulate>();
    expect((await run('-u', simulate)).code).toBe(1);
    expect(told).toBe('error: No source files are named.\n');
    expect(simulate).not.toHaveBeenCalled();
  });

  it('goes on after warnings', async () => {
    const played = await run('-Wfoo a.v', async () => ok(outcome({ warnings: [error('late', 'Late.')] })));
    expect(played.code).toBe(0);
    expect(told).toMatch(/^warning: .*'foo'.*\n.*: Late\.\n$/);
  });

  it('reads and writes the working directory, and tells what it cannot write', async () => {
    writeFileSync(join(folder, 'in.txt'), 'abc');
    await run('a.v', async (_, { files }) => {
      expect([...files.read(join(folder, 'in.txt'))!]).toEqual([97, 98, 99]);
      expect(files.read(join(folder, 'none.txt'))).toBeUndefined();
      expect(files.read(folder)).toBeUndefined();
      files.write(join(folder, 'out.txt'), new Uint8Array([120]));
      files.write(join(folder, 'no/where.txt'), new Uint8Array());
      return ok(outcome());
    });
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('x');
    expect(told).toContain('cannot be written (ENOENT)');
  });

  it('writes all that was recorded', async () => {
    const path = join(folder, 'waves/all.vcd');
    await run(`a.v --vcd ${path}`, async (spec, { waves }) => {
      expect(spec.record).toBe(true);
      const scope = { name: 'tb', kind: 'module', parent: -1 };
      const signal = { name: 'clk', scope: 0, word: 'reg', type: 'bits' as const, width: 1, trace: 0, ranges: [] };
      const log = new Int32Array([-1, 0, 0, 0, -1, 5, 0, 1]);
      const added = { scopes: [scope], signals: [signal], enums: [], structs: [] };
      waves!({ sequence: 0, info: { timescale: -9 }, added, log: [log], texts: [], endTime: 9 });
      return ok(outcome());
    });
    expect(readFileSync(path, 'latin1')).toMatch(
      /\$scope module tb \$end\n\$var reg 1 (\S+) clk \$end[\s\S]*#0\n[\s\S]*0\1\n[\s\S]*#5\n1\1\n/,
    );
  });

  it('ends quietly when it is interrupted', async () => {
    const { code } = await run('a.v', async () => {
      throw abortError();
    });
    expect(code).toBe(130);
  });
});
