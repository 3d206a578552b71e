import { runYosys as nativeLike } from '@yowasp/yosys';
import { describe, expect, it } from 'vitest';
import { runYosys } from './yosys.ts';

const INVERTER = { 'top.v': 'module top(input a, output b);\n  assign b = ~a;\nendmodule\n' };

describe('runYosys', () => {
  it('gives documents in order, and the log without them', async () => {
    const documents: string[] = [];
    const outcome = await runYosys({
      script: 'read_verilog top.v\nstat -json\nhierarchy -auto-top\nproc\nwrite_json\n',
      files: INVERTER,
      onDocument(text) {
        documents.push(text);
        return undefined;
      },
    });
    expect(outcome.exit).toBe(0);
    expect(outcome.broken).toBeUndefined();
    expect(documents.map((text) => Object.keys(JSON.parse(text).modules))).toEqual([['\\top'], ['top']]);
    expect(outcome.log.join('\n')).toContain('Executing JSON backend.');
    expect(outcome.log.join('\n')).not.toContain('"modules"');
  });

  it('prints the same netlist on standard output as a native script writes to its file', async () => {
    const script = 'read_verilog top.v\nsynth -auto-top\nwrite_verilog -noattr';
    const direct = await runYosys({ script: `${script}\n`, files: INVERTER, quiet: true });
    const written = await nativeLike(
      ['run.ys'],
      { ...INVERTER, 'run.ys': `${script} gates.v\n` },
      { stdout: null, stderr: null },
    );
    expect(written?.['gates.v']).toContain('assign b = ~a;');
    expect(new TextDecoder().decode(direct.output)).toBe(written?.['gates.v']);
  });

  it('answers an error of Yosys with its line', async () => {
    const outcome = await runYosys({ script: 'read_verilog top.v\n', files: { 'top.v': 'module top(' } });
    expect(outcome.exit).toBe(1);
    expect(outcome.errorLine).toMatch(/^top\.v:1: ERROR: syntax error/);
    expect(outcome.broken).toBeUndefined();
  });

  it('reports a crash inside WebAssembly, and lives on', async () => {
    const deep = `module top(input a, output b);\n assign b = ${'~('.repeat(200_000)}a${')'.repeat(200_000)};\nendmodule\n`;
    const crashed = await runYosys({ script: 'read_verilog top.v\n', files: { 'top.v': deep } });
    expect(crashed.broken).toMatchObject({ code: 'yosys-crashed', severity: 'error' });
    const after = await runYosys({ script: 'read_verilog top.v\n', files: INVERTER });
    expect(after).toMatchObject({ exit: 0, broken: undefined });
  });

  it('can be ended from within', async () => {
    let lines = 0;
    const outcome = await runYosys({
      script: 'read_verilog top.v\nhierarchy -auto-top\nsynth\n',
      files: INVERTER,
      onLine(line) {
        lines++;
        return !line.includes('Executing HIERARCHY');
      },
    });
    expect(outcome.exit).toBe('stopped');
    expect(outcome.log).toHaveLength(lines);
    expect(outcome.log.at(-1)).toContain('Executing HIERARCHY');
  });

  it('takes turns, and refuses an aborted signal', async () => {
    const runs = await Promise.all(
      [1, 2, 3].map(() =>
        runYosys({ script: 'read_verilog top.v\nhierarchy -auto-top\nproc\nwrite_json\n', files: INVERTER }),
      ),
    );
    expect(runs.map((run) => run.exit)).toEqual([0, 0, 0]);
    await expect(runYosys({ script: '', files: {}, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
