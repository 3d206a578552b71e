import { describe, expect, it } from 'vitest';
import { buildScript, checkParameters, divideDefines, type ScriptPlan, toStandardOutput } from './script.ts';

const plan: ScriptPlan = {
  stage: 'gates',
  sources: [
    { name: 'rtl/a.v', systemVerilog: false },
    { name: 'b.sv', systemVerilog: true },
  ],
  includeDirs: ['inc'],
  defines: { FAST: '', WIDTH: '8' },
  top: 'top',
  parameters: { N: '4' },
  flatten: true,
};

describe('buildScript', () => {
  it('reads by suffix, overrides, elaborates and maps', () => {
    const commands = buildScript(plan)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(commands).toEqual([
      'verilog_defaults -add -Iinc -DFAST -DWIDTH=8',
      'read_verilog rtl/a.v',
      'read_verilog -sv b.sv',
      'chparam -set N 4 top',
      'hierarchy -check -top top',
      'synth -noabc -flatten',
      'write_json crossbar.mapped.json',
      'abc -script +strash;dretime;map;dress;sop;attach',
      'opt -fast',
      'hierarchy -check',
      'stat',
      'check',
      'write_json crossbar.gates.json',
    ]);
    expect(buildScript({ ...plan, flatten: false })).toContain('\nsynth -noabc\n');
    expect(buildScript({ ...plan, top: '', parameters: {}, stage: 'word' })).toContain('hierarchy -check -auto-top\n');
  });
});

describe('toStandardOutput', () => {
  it('only leaves out the names of output files', () => {
    for (const stage of ['check', 'word', 'gates'] as const) {
      const native = buildScript({ ...plan, stage });
      const here = toStandardOutput(native);
      expect(here).not.toContain('crossbar.');
      const lines = here.split('\n');
      native.split('\n').forEach((line, i) => {
        if (!line.includes('crossbar.')) expect(lines[i]).toBe(line);
      });
    }
    expect(toStandardOutput(buildScript({ ...plan, only: 'verilog' }))).toContain('\nwrite_verilog -noattr\n');
  });
});

describe('checkParameters', () => {
  it('takes constants and refuses what could be read as a command', () => {
    expect(checkParameters({ A: 8, B: "4'b10x0", C: '"text"', D: '-3' })).toEqual({
      values: { A: '8', B: "4'b10x0", C: '"text"', D: '-3' },
      problems: [],
    });
    for (const value of ['a', '8; shell ls', '"a"b"', '8 9', '']) {
      const { problems } = checkParameters({ A: value });
      expect(problems.map(({ code, where }) => [code, where?.path])).toEqual([
        ['bad-parameter', 'slices.rtl.parameters.A'],
      ]);
    }
    expect(checkParameters({ 'A; exit': 1 }).problems).toHaveLength(1);
  });
});

describe('divideDefines', () => {
  it('puts what a command line cannot carry into a file', () => {
    const divided = divideDefines({ A: '', B: '8', C: 'a + b', D: '"x"' });
    expect(divided.plain).toEqual({ A: '', B: '8' });
    expect(divided.prelude).toBe('`define C a + b\n`define D "x"\n');
    expect(divideDefines({ 'A B': '1', C: 'x\ny' }).problems).toHaveLength(2);
  });
});
