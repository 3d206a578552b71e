import { describe, expect, it } from 'vitest';
import type * as ir from '../ir/types.ts';
import { visitStmt } from '../ir/walk.ts';
import { designOf, elaborated } from './elaborate.fixture.ts';

function errorsOf(body: string, generation?: '2005'): string[] {
  return elaborated(`module t;\n${body}\nendmodule`, { generation })
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ what, where }) => `${(where?.line ?? 0) - 1}: ${what}`);
}

/** Names of signals, with the parts that are read. */
function readsText(design: ir.Design, reads: readonly ir.Read[]): string {
  return reads
    .map(({ signal, part, element }) => {
      const { name } = design.signals[signal]!;
      const range = part ? `[${part.offset + part.width - 1}:${part.offset}]` : '';
      return `${name}${element === undefined ? '' : `[${element}]`}${range}`;
    })
    .join(' ');
}

function bodyOf(body: string): { design: ir.Design; process: ir.Process } {
  const design = designOf(`module t;\n${body}\nendmodule`);
  return { design, process: design.processes.at(-1)! };
}

describe('sensitivity', () => {
  it('of @* is all that is read, indices among it, and nothing that is only written', () => {
    const { design, process } = bodyOf(`
      reg [7:0] a, b, y; reg [2:0] i; reg c; reg [7:0] m [0:3];
      always @* begin if (c) y[i] = a[0]; else y = m[1] & b; end`);
    const wait = process.body as ir.StmtOf<'wait-event'>;
    const reads = wait.items.flatMap(({ what }) => (what.kind === 'expr' ? what.reads : []));
    expect(readsText(design, reads)).toBe('c a i m b');
  });

  it('of always_comb follows functions and leaves out what it writes itself', () => {
    const { design, process } = bodyOf(`
      logic [7:0] a, b, y, g; logic [3:0] n;
      function automatic logic [7:0] f(logic [7:0] x); return x ^ g; endfunction
      always_comb begin n = a[3:0]; y[0] = n[1]; y[1] = b[7]; y[7:2] = f(a) >> y[0]; end`);
    expect(readsText(design, process.sensitivity!)).toBe('a[3:0] b[7:7] a g');
  });

  it('of a bit that another procedure makes is kept', () => {
    const { design, process } = bodyOf('logic [3:0] y; logic a; assign y[0] = a; always_comb y[1] = ~y[0];');
    expect(readsText(design, process.sensitivity!)).toBe('y[0:0]');
  });
});

describe('lowering', () => {
  it('brings the subject and the labels of a case to one width and sign', () => {
    const { process } = bodyOf("reg [3:0] a; initial case (a) 8'd1: ; 2'd2: ; endcase");
    const { subject, items, match } = process.body as ir.StmtOf<'case'>;
    const types = [
      subject,
      ...items.flatMap(({ labels }) => labels.map((label) => (label as { value: ir.Expr }).value)),
    ];
    expect(match).toBe('ceq');
    expect(types.map(({ type }) => type)).toEqual(
      types.map(() => expect.objectContaining({ kind: 'vector', width: 8, signed: false })),
    );
  });

  it('gives outputs of other types than their ports a variable in between', () => {
    const { design, process } = bodyOf('byte b; task f(output [15:0] x); x = 1; endtask initial f(b);');
    const { body } = process.body as ir.StmtOf<'block'>;
    expect(body.map(({ op }) => op)).toEqual(['call', 'assign']);
    const [arg] = (body[0] as ir.StmtOf<'call'>).args as [Extract<ir.LValue, { kind: 'signal' }>];
    expect(design.signals[arg.signal]!.hidden).toBe(true);
    expect((body[1] as ir.StmtOf<'assign'>).value.type).toMatchObject({ width: 8, signed: true });
  });

  it('copies arrays element by element, whatever their ranges', () => {
    const { design, process } = bodyOf('int a[1:0], b[5:6]; initial a = b;');
    const assigns: string[] = [];
    visitStmt(process.body, (stmt) => {
      if (stmt.op !== 'assign' || stmt.target.kind !== 'signal') return;
      const to = stmt.target.indices![0]!.value as ir.ExprOf<'const'>;
      const from = stmt.value as ir.ExprOf<'element'>;
      const index = (expr: ir.ExprOf<'const'>) => Number((expr.value as { a: bigint }).a);
      assigns.push(
        `${index(to)} ${design.signals[from.signal]!.name} ${index(from.indices[0]!.value as ir.ExprOf<'const'>)}`,
      );
    });
    expect(assigns).toEqual(['0 b 0', '1 b 1']);
  });

  it('counts indices from 0 where they are in range', () => {
    const { process } = bodyOf('reg [7:0] m [4:1]; reg [0:7] v; initial m[3] = v[2];');
    const { target, value } = process.body as ir.StmtOf<'assign'>;
    const index = (target as Extract<ir.LValue, { kind: 'signal' }>).indices![0]!;
    expect(index).toMatchObject({ size: 4, value: { value: { a: 1n } } });
    const select = (value as ir.ExprOf<'resize'>).operand as ir.ExprOf<'select'>;
    expect(select).toMatchObject({ width: 1, offset: { value: { a: 5n } } });
  });

  it('takes the delay of the command line from min:typ:max', () => {
    const design = designOf('module t; reg a; initial #(1:2:3) a = 1; endmodule', { delays: 'max' });
    expect(design.processes[0]!.body).toMatchObject({ op: 'delay', delay: { value: { value: { a: 3n } } } });
  });
});

describe('what is refused, with its line', () => {
  it.each([
    ['wire w;\ninitial w = 1;', '2: "w" is not a valid l-value in t: it is a net, declared in t.v:2.'],
    ['reg a;\ninitial a[0] = 1;', '2: A single bit has no bits to select.'],
    ['reg [3:0] a;\ninitial a = b;', '2: Unable to bind wire/reg/memory "b" in "t".'],
    [
      'reg [3:0] a;\ninitial $display(a[0:3]);',
      '2: The part select [0:3] is out of order: the range is declared [3:0].',
    ],
    [
      'reg [3:0] a; integer i;\ninitial $display("%b", a[i:0]);',
      '2: A constant is needed here, but "i" is none: it reads or writes "i", which is no constant.',
    ],
    ['real r; reg [3:0] a;\ninitial a = a[r];', '2: An index must be a whole number, not a real.'],
    ['initial f(1);', '1: No task named "f" found in this context (t).'],
    ['initial $nothing;', '1: System task $nothing() is not defined.'],
    ['task f(input a); endtask\ninitial f(1, 2);', '2: The task "f" takes 1 argument, not 2.'],
    ['localparam P = 1;\ninitial P = 2;', '2: "P" is a constant: nothing can be assigned to it.'],
    ['reg a;\nalways a = ~a;', '2: This always statement does not have any delay: it would run for ever.'],
    [
      'task automatic f; reg a; a <= 1; endtask',
      '1: The automatic variable "a" cannot be assigned with <=: it is gone when the value comes.',
    ],
    ['reg [3:0] a; integer i;\ninitial force a[i] = 1;', "2: A select must be constant after 'force'."],
    ['initial disable nothing;', '1: Cannot find the scope "nothing" in t.'],
    ['reg a;\nfinal a <= 1;', '2: A final procedure has no nonblocking assignments.'],
    ['typedef enum {A, B} e; e x;\ninitial x = 1;', '2: This assignment to an enumeration requires an explicit cast.'],
    ['string s; reg [7:0] a;\ninitial a = s;', '2: A string cannot be implicitly cast to a vector.'],
    ['event e; reg a;\ninitial a = e;', '2: A named event has no value.'],
    ['reg [7:0] m [3:0]; reg a;\ninitial if (m) a = 1;', '2: An array of logic[7:0] is neither true nor false.'],
  ])('%s', (body, expected) => {
    expect(errorsOf(body)[0]).toBe(expected);
  });

  it('reports every statement that is wrong', () => {
    expect(errorsOf('initial begin\nx = 1;\ny = 2;\nend')).toHaveLength(2);
  });
});
