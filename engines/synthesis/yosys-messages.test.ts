import { describe, expect, it } from 'vitest';
import { layOutSources } from './sources.ts';
import { runYosys } from './yosys.ts';
import { parseMessages } from './yosys-messages.ts';

/** What the real Yosys says of a source, as problems. */
async function problemsOf(text: string, options: { path?: string; script?: string } = {}) {
  const path = options.path ?? 'my rtl/top.sv';
  const laid = layOutSources([{ path, content: text }], () => '');
  if (!laid.ok) throw new Error('refused');
  const sources = laid.value;
  const script = options.script ?? 'hierarchy -check -auto-top\nproc\ncheck\n';
  const { log } = await runYosys({
    script: `read_verilog -sv ${sources.alias(path)}\n${script}`,
    files: sources.tree,
  });
  return parseMessages(log, { userPath: sources.userPath, text: sources.text, paths: [path] }).map((problem) => ({
    ...problem,
    at: [problem.where?.file, problem.where?.line, problem.where?.column]
      .filter((part) => part !== undefined)
      .join(':'),
  }));
}

const expectOne = async (text: string, wanted: { code: string; at: string; severity?: string; what?: string }) => {
  const problems = await problemsOf(text);
  expect(problems[0]).toMatchObject(
    wanted.what === undefined ? wanted : { ...wanted, what: expect.stringContaining(wanted.what) },
  );
  expect(problems[0]?.what).toMatch(/[.!?]$/);
  expect(problems[0]?.remedy ?? 'x.').toMatch(/[.]$/);
};

describe('parseMessages on the real output of Yosys', () => {
  it('places syntax errors, in folders with blanks too', async () => {
    await expectOne('module top(input a output b);\nendmodule\n', {
      code: 'syntax-error',
      severity: 'error',
      at: 'my rtl/top.sv:1',
      what: 'output is not expected here',
    });
    await expectOne('module top(input a);\n\n wire x = ;\nendmodule\n', {
      code: 'syntax-error',
      at: 'my rtl/top.sv:3',
    });
  });

  it('places a missing end at the end of the file', async () => {
    await expectOne('module top(input a, output b);\n assign b = a;\n\n', {
      code: 'syntax-error',
      at: 'my rtl/top.sv:2',
      what: 'end of file',
    });
  });

  it('finds the instance of a missing module and of a missing port', async () => {
    await expectOne('// foo u (\nmodule top(input a, output b);\n  foo #(.N(2))\n    u (.a(a), .b(b));\nendmodule\n', {
      code: 'missing-module',
      at: 'my rtl/top.sv:3:3',
      what: 'foo',
    });
    await expectOne(
      'module top(input a, output b);\n  foo u(.a(a), .c(b));\nendmodule\nmodule foo(input a, output b);\n  assign b = a;\nendmodule\n',
      { code: 'missing-port', at: 'my rtl/top.sv:2:3', what: 'no port c' },
    );
  });

  it('finds the line of a missing include file', async () => {
    await expectOne('\n`include "nope.vh"\nmodule top; endmodule\n', {
      code: 'missing-include',
      at: 'my rtl/top.sv:2:1',
    });
  });

  it('knows macros, double definitions and undeclared names', async () => {
    await expectOne('module top(output b);\n assign b = `FOO;\nendmodule\n', {
      code: 'undefined-macro',
      at: 'my rtl/top.sv:2',
    });
    await expectOne('module top(output b);\n assign b = 1;\nendmodule\nmodule top(output b);\nendmodule\n', {
      code: 'duplicate-module',
      at: 'my rtl/top.sv:4',
    });
    await expectOne('`default_nettype none\nmodule top(output b);\n assign b = c;\nendmodule\n', {
      code: 'implicit-wire',
      severity: 'error',
      at: 'my rtl/top.sv:3',
    });
    await expectOne('module top(output b);\n assign b = c;\nendmodule\n', {
      code: 'implicit-wire',
      severity: 'warning',
      at: 'my rtl/top.sv:2',
    });
  });

  it('gives the line that infers a latch', async () => {
    await expectOne('module top(input e, a, output reg b);\n\n  always @*\n    if (e) b = a;\nendmodule\n', {
      code: 'latch-inferred',
      severity: 'warning',
      at: 'my rtl/top.sv:3',
      what: 'b in top',
    });
  });

  it('finds the assignment of a latch in always_comb, which Yosys does not place', async () => {
    await expectOne(
      'module top(input e, a, output logic b, c);\n  always_comb c = a;\n  always_comb begin\n    if (e)\n      b = a;\n  end\nendmodule\n',
      { code: 'latch-in-always-comb', severity: 'error', at: 'my rtl/top.sv:5:7' },
    );
  });

  it('places loops, several drivers and undriven wires', async () => {
    await expectOne('module top(input a, output b);\n wire c;\n assign b = c & a;\n assign c = ~b;\nendmodule\n', {
      code: 'combinational-loop',
      severity: 'warning',
      at: 'my rtl/top.sv:4:13',
    });
    const drivers = await problemsOf(
      'module top(input a, c, output b);\n assign b = c & a;\n assign b = ~c;\nendmodule\n',
    );
    expect(drivers[0]).toMatchObject({ code: 'several-drivers', severity: 'warning' });
    expect(drivers[0]?.where?.line).toBe(3);
    await expectOne('module top(input a, output b);\n wire q;\n assign b = q & a;\nendmodule\n', {
      code: 'undriven',
      at: 'my rtl/top.sv:2:7',
    });
  });

  it('places widths, ranges and assignments to wires', async () => {
    await expectOne(
      'module top(input [3:0] a, output [7:0] b);\n  sub u (a, b);\nendmodule\nmodule sub(input [7:0] a, output [7:0] b);\n  assign b = a;\nendmodule\n',
      { code: 'port-width', at: 'my rtl/top.sv:2:7', what: '4 bits' },
    );
    await expectOne('module top(input [3:0] a, output b);\n assign b = a[7];\nendmodule\n', {
      code: 'out-of-range',
      at: 'my rtl/top.sv:2',
    });
    await expectOne('module top(input a, output b);\n always @* b = a;\nendmodule\n', {
      code: 'assigned-in-block',
      at: 'my rtl/top.sv:2:12',
    });
  });

  it('leaves sound sources alone, and passes on what it does not know', async () => {
    expect(await problemsOf('module top(input a, output b);\n assign b = ~a;\nendmodule\n')).toEqual([]);
    const [problem] = await problemsOf('module top(input a, output [99999999:0] b);\n assign b = ~b;\nendmodule\n');
    expect(problem).toMatchObject({ code: 'yosys-error', severity: 'error', at: 'my rtl/top.sv:2' });
    expect(problem?.what).toContain('16777216');
  });
});
