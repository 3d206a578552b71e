import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModuleDecl, PrimitiveDecl } from './ast.ts';
import { errorsOf, expressionOf, itemsOf, parseText, show, statementOf } from './parse.fixture.ts';
import { parse } from './parse.ts';
import { TokenKind, type TokenStream } from './tokens.ts';

function moduleOf(text: string, generation?: Parameters<typeof parseText>[1]): ModuleDecl {
  const parsed = parseText(text, generation);
  expect(parsed.problems).toEqual([]);
  return parsed.unit.items[0] as ModuleDecl;
}

describe('expressions', () => {
  it('binds operators as the standard says', () => {
    expect(show(expressionOf('a + b * c ** d ** e - f'))).toBe('((a+(b*((c**d)**e)))-f)');
    expect(show(expressionOf('a | b ^ c & d == e < f << g'))).toBe('(a|(b^(c&(d==(e<(f<<g))))))');
    expect(show(expressionOf('a && b || c && !d'))).toBe('((a&&b)||(c&&(!d)))');
    expect(show(expressionOf('a ? b : c ? d : e'))).toBe('(a?b:(c?d:e))');
    expect(show(expressionOf('a ? b ? c : d : e'))).toBe('(a?(b?c:d):e)');
    expect(show(expressionOf('a -> b -> c || d'))).toBe('(a->(b->(c||d)))');
    expect(show(expressionOf('&a + ~|b'))).toBe('((&a)+(~|b))');
  });

  it('reads selects, members, concatenations and calls', () => {
    expect(show(expressionOf('a.b[1].c[3:0][i+:4]'))).toBe('a.b[1].c[3:0][i+:4]');
    expect(show(expressionOf('{2{a, b[1]}}'))).toBe('{2{a,b[1]}}');
    const call = expressionOf('p::f(1, .x(2), )');
    expect(call.kind === 'call' && call.args.map((arg) => [arg.name?.name, arg.value?.kind])).toEqual([
      [undefined, 'number'],
      ['x', 'number'],
      [undefined, undefined],
    ]);
    const bits = expressionOf('$bits(logic [3:0])');
    expect(bits.kind === 'call' && bits.args[0]?.value?.kind).toBe('type');
  });

  it('tells the kinds of casts apart', () => {
    const to = (text: string): string => {
      const cast = expressionOf(text);
      if (cast.kind !== 'cast') return cast.kind;
      return cast.to.kind === 'type' ? `type ${cast.to.type.kind}` : cast.to.kind;
    };
    expect(to("8'(a)")).toBe('size');
    expect(to("(W+1)'(a)")).toBe('size');
    expect(to("(W)'(a)")).toBe('size');
    expect(to("foo_t'(a)")).toBe('type named');
    expect(to("int'(a)")).toBe('type integer');
    expect(to("signed'(a)")).toBe('sign');
    expect(to("foo_t'{a, b}")).toBe('pattern');
  });

  it('reads chains of thousands of operators and alternatives', () => {
    let sum = expressionOf(Array.from({ length: 3000 }, () => 'a').join('+'));
    let count = 1;
    while (sum.kind === 'binary') {
      sum = sum.left;
      count++;
    }
    expect(count).toBe(3000);
    expect(expressionOf(`${'a ? b : '.repeat(3000)} c`).kind).toBe('conditional');
    expect(errorsOf(`module m; assign a = ${'('.repeat(300)}b${')'.repeat(300)}; endmodule`)).toEqual([]);
  });

  it('refuses what is nested thousands of levels deep, and reads on after it', () => {
    const many = (text: string): string => text.repeat(20000);
    for (const text of [
      `assign a = ${many('(')}b;`,
      `assign a = ${many('{a[~(')}b;`,
      `assign a = ${many("'{x: ")}b;`,
      `initial ${many('begin if (a) ')}`,
      `initial ${many('case (a) 1: ')}`,
      `initial ${many('#1 @(b) ')}`,
      `${many('if (a) begin for (i = 0; i < 1; i = i + 1) ')}`,
      `struct ${many('{ struct ')}`,
    ]) {
      expect(errorsOf(`module m; ${text} endmodule\nmodule n; assign = 1; endmodule`)).toEqual([
        '1: This is nested more than 400 levels deep.',
        "2: Syntax error: '=' stands where an expression was expected.",
      ]);
    }
  });
});

describe('statements', () => {
  it('reads timing in and before assignments', () => {
    expect(statementOf('#5 a = #3 b;', '2005')).toMatchObject({
      kind: 'delay',
      body: { kind: 'blocking', timing: { kind: 'delay', delay: { a: 3n } } },
    });
    expect(statementOf('@(posedge a or negedge b, c) d <= repeat (2) @e f;', '2005')).toMatchObject({
      kind: 'event',
      control: { star: false, items: [{ edge: 'posedge' }, { edge: 'negedge' }, { edge: undefined }] },
      body: { kind: 'nonblocking', timing: { kind: 'event', repeat: { a: 2n } } },
    });
    for (const star of ['@*', '@ *', '@(*)', '@ ( * )']) {
      expect(statementOf(`${star} a = b;`, '2005')).toMatchObject({ kind: 'event', control: { star: true } });
    }
    // The lexer makes one number of these; it is a delay of 9 and the value 'd3.
    expect(statementOf("a = # 9 'd3;", '2005')).toMatchObject({ timing: { delay: { a: 9n } }, right: { a: 3n } });
  });

  it('tells declarations from statements without knowing the names', () => {
    const block = statementOf(
      'begin foo_t x; p::t [3:0] y = 1; foo_t [1:0] z [4]; a[1] = b; a[i][3:0] <= c; f(x); g; h::k(1); end',
    );
    expect(block.kind === 'block' && block.decls.map((decl) => decl.kind === 'var' && decl.type)).toMatchObject([
      { kind: 'named', name: { name: 'foo_t' } },
      { kind: 'named', name: { name: 't' }, scope: { name: 'p' } },
      { kind: 'named', packed: [{}] },
    ]);
    expect(block.kind === 'block' && block.body.map((item) => item.kind)).toEqual([
      'blocking',
      'nonblocking',
      'expr',
      'expr',
      'expr',
    ]);
  });

  it('reads the statements of SystemVerilog', () => {
    const kinds = (text: string): string[] => {
      const block = statementOf(`begin ${text} end`);
      return block.kind === 'block' ? block.body.map((item) => item.kind) : [];
    };
    expect(kinds("i++; --i; a += 2; q.push_back(1); void'(f()); return; break; do x = 1; while (y);")).toEqual([
      'expr',
      'expr',
      'blocking',
      'expr',
      'expr',
      'return',
      'break',
      'do',
    ]);
    expect(
      kinds('wait fork; disable fork; ->> #1 e; -> e; foreach (a.b[i, , k]) c = 1; assert (x) else y = 1;'),
    ).toEqual(['wait-fork', 'disable', 'trigger', 'trigger', 'foreach', 'assert']);
    expect(statementOf('for (int i = 0, j = 1; i < j; i++, j--) ;')).toMatchObject({
      init: [{ kind: 'var', names: [{ name: { name: 'i' } }, { name: { name: 'j' } }] }],
      step: [{ kind: 'expr' }, { kind: 'expr' }],
    });
    expect(statementOf('unique case (a) inside 1, [2:5]: ; default ; endcase')).toMatchObject({
      check: 'unique',
      inside: true,
      items: [{ labels: [{ kind: 'number' }, { kind: 'value-range' }] }, { body: { kind: 'null' } }],
    });
  });

  it('reads chains of thousands of else if', () => {
    let chain = statementOf(`${'if (a) b = 1; else '.repeat(2000)} b = 2;`);
    let count = 0;
    while (chain.kind === 'if' && chain.else) {
      chain = chain.else;
      count++;
    }
    expect(count).toBe(2000);
    expect(errorsOf(`module m; ${'if (a) wire x; else '.repeat(2000)} wire y; endmodule`)).toEqual([]);
  });
});

describe('items', () => {
  it('tells variables of named types from instances', () => {
    const items = itemsOf(
      'foo a; foo b[3:0]; foo [1:0] c = 2; foo d(x); foo #(3) e[2](x, y); foo #(.W(8)) f(.*), g(.a, .b(c)); p::t h;',
    );
    expect(items.map((item) => item.kind)).toEqual(['var', 'var', 'var', 'instance', 'instance', 'instance', 'var']);
    expect(items[5]).toMatchObject({
      params: [{ name: { name: 'W' } }],
      instances: [{ ports: [{ kind: 'wildcard' }] }, { ports: [{ implicit: true }, { implicit: false }] }],
    });
  });

  it('fills in what the ports of a header inherit', () => {
    const { ports, portStyle } = moduleOf(
      'module m(input [3:0] a, b, output reg c = 0, d, inout e); endmodule',
      '2005',
    );
    expect(portStyle).toBe('ansi');
    expect(
      ports.map(
        (port) => port.kind === 'ansi' && [port.decl.direction, port.decl.variable, port.decl.type.packed.length],
      ),
    ).toEqual([
      ['input', false, 1],
      ['input', false, 1],
      ['output', true, 0],
      ['output', true, 0],
      ['inout', false, 0],
    ]);
  });

  it('reads ports of the old style', () => {
    const { ports, portStyle, items } = moduleOf(
      'module m(a, .b(c), {d, e[1]}, ); input a; output reg [1:0] c; endmodule',
      '2005',
    );
    expect(portStyle).toBe('plain');
    expect(ports.map((port) => port.kind === 'plain' && [port.name?.name, port.expr?.kind])).toEqual([
      ['a', 'name'],
      ['b', 'name'],
      [undefined, 'concat'],
      [undefined, undefined],
    ]);
    expect(items[1]).toMatchObject({ kind: 'port-decl', variable: true, type: { kind: 'integer', name: 'reg' } });
  });

  it('knows ports that are interfaces', () => {
    const parsed = parseText(
      'interface bus; endinterface module m(bus x, bus.s y, interface z, input foo_t w, foo_t v); endmodule',
    );
    expect(parsed.problems).toEqual([]);
    expect((parsed.unit.items[1] as ModuleDecl).ports.map((port) => port.kind)).toEqual([
      'interface',
      'interface',
      'interface',
      'ansi',
      'ansi',
    ]);
  });

  it('reads nets, gates, generate constructs, subprograms and specify blocks', () => {
    const items = itemsOf(
      `wire (strong0, pull1) [3:0] #(1, 2:3:4) w = 1; trireg (small) t; supply0 gnd;
       and (weak0, weak1) #2 g1 (a, b, c), (d, e, f); pullup (p);
       generate for (i = 0; i < 4; i = i + 1) begin : g wire x; end endgenerate
       if (A) foo u(x); else if (B) begin end else case (C) 1, 2: foo v(y); default: ; endcase
       function automatic signed [3:0] f; input [3:0] a; input b; reg c; f = a; endfunction
       task t2(input a, output reg [1:0] b); begin b = a; end endtask
       defparam u.A = 1, v.w.B = 2;
       specify specparam s = 1; (a => b) = s; if (c) (posedge a *> (q +: d)) = (1, 2); $setup(a, posedge b, 3, n); endspecify`,
      '2005',
    );
    expect(items.map((item) => item.kind)).toEqual([
      'net',
      'net',
      'net',
      'gate',
      'gate',
      'generate-region',
      'generate-if',
      'function',
      'task',
      'defparam',
      'specify',
    ]);
    expect(items[0]).toMatchObject({
      strength: { zero: 'strong', one: 'pull' },
      delay: { values: [{}, { kind: 'mintypmax' }] },
    });
    expect(items[7]).toMatchObject({
      ports: [{ name: { name: 'a' } }, { name: { name: 'b' } }],
      decls: [{ kind: 'var' }],
    });
    expect(items[10]).toMatchObject({
      items: [
        { kind: 'param' },
        { kind: 'path', full: false },
        { kind: 'path', full: true, edge: 'posedge', polarity: '+', data: { kind: 'name' }, delays: [{}, {}] },
        { kind: 'timing-check', name: '$setup' },
      ],
    });
  });

  it('reads types', () => {
    const items = itemsOf(
      `typedef enum logic [1:0] { A, B = 2, C[2] } e_t; typedef struct packed { e_t a; logic [3:0] b, c; } s_t;
       union packed { int i; bit [31:0] v; } u; int q [$], d [], m [string], n [*], r [4], w [3:0]; type(u) x;
       parameter type T = int; localparam s_t P = '{a: A, default: 0};`,
    );
    expect(items[3]).toMatchObject({
      names: ['queue', 'dynamic', 'associative', 'associative', 'size', 'range'].map((kind) => ({ dims: [{ kind }] })),
    });
    expect(items[0]).toMatchObject({ type: { kind: 'enum', members: [{}, { value: {} }, { range: {} }] } });
    expect(items[5]).toMatchObject({ isType: true, names: [{ value: { kind: 'type' } }] });
  });

  it('reads user-defined primitives, however their rows are written', () => {
    const parsed = parseText(
      `primitive dff(q, c, d); output q; reg q; input c, d; initial q = 1'bx;
       table (01) 0:?:0; r1 : ? : 1; (?0) ? : ? : -; * b : 0 : x; endtable endprimitive
       primitive mux(output o, input a, b); table 01:0; 1 ?:1; endtable endprimitive`,
      '2005',
    );
    expect(parsed.problems).toEqual([]);
    const [dff, mux] = parsed.unit.items as PrimitiveDecl[];
    expect(dff).toMatchObject({ sequential: true, initial: 'x' });
    expect(dff!.rows.map((row) => [...row.inputs, row.state, row.output].join(' '))).toEqual([
      '(01) 0 ? 0',
      'r 1 ? 1',
      '(?0) ? ? -',
      '* b 0 x',
    ]);
    expect(mux!.rows.map((row) => row.inputs)).toEqual([
      ['0', '1'],
      ['1', '?'],
    ]);
  });

  it('remembers the directives in force at a module', () => {
    const parsed = parseText(
      '`timescale 1ns/10ps\n`default_nettype none\nmodule a; endmodule\n`resetall\nmodule b; endmodule',
      '2005',
    );
    expect(parsed.unit.items).toMatchObject([
      { timescale: { unit: -9, precision: -11 }, defaultNetType: 'none' },
      { timescale: undefined, defaultNetType: 'wire' },
    ]);
  });
});

describe('what is refused', () => {
  it('names what it found and what it expected', () => {
    expect(errorsOf('module m;\nwire a\nassign b = 1;\nendmodule', '2005')).toEqual([
      "3: Syntax error: the word 'assign' stands where ';' was expected after the declaration of a net.",
    ]);
    expect(errorsOf('module m;\ninitial f(x) <= 1;\nendmodule')).toEqual([
      "2: Syntax error: '<=' stands where ';' was expected after a call.",
    ]);
    expect(errorsOf('module m;\ninitial begin\na = ;\nend\nendmodule', '2005')).toEqual([
      "3: Syntax error: ';' stands where an expression was expected.",
    ]);
  });

  it('reports independent errors each once, and no others', () => {
    const lines = (text: string): string[] => errorsOf(text, '2005').map((error) => error.split(':')[0]!);
    expect(
      lines(`module m;
        initial begin
          a = (1 + ;
          b = 2;
          if (x y) begin c = 1; end else d = 2;
          for (i = 0 i < 3; i = i + 1) begin e = 1; end
          case (a) 1 b = 2; 2: c = 3; endcase
        end
        wire 3;
        assign q = 1 1;
        always @(posedge clk begin z <= 1; end
      endmodule
      module n(input a b, output c); assign c = a; endmodule
      module o; wire w = ]; endmodule`),
    ).toEqual(['3', '5', '6', '7', '9', '10', '11', '13', '14']);
    expect(lines('module a;\ninitial begin\nx = 1;\nendmodule\nmodule b; wire w; endmodule')).toEqual(['4']);
    expect(lines('module a;\nwire x;\nmodule b; wire w; endmodule')).toEqual(['3']);
    expect(lines('module a;\nfoo bar;\nwire w = ;\nendmodule')).toEqual(['2', '3']);
  });

  it('refuses SystemVerilog where the file is Verilog', () => {
    const code = (text: string): string | undefined => parseText(text, '2005').problems[0]?.code;
    for (const text of [
      "module m; initial a = 8'(b); endmodule",
      'module m; endmodule : m',
      'module m; initial begin reg a; a = 1; end endmodule',
      'module m; task t; begin end begin end endtask endmodule',
      'module m #(localparam A = 1); endmodule',
      'module m(input a = 1); endmodule',
      'module m; initial l: a = 1; endmodule',
      'module m; always_comb a = b; endmodule',
      'module m; int i; endmodule',
      'module m; initial begin $finish(); a = $random(); end endmodule',
    ]) {
      expect(code(text), text).toBe('needs-systemverilog');
    }
  });

  it('skips what is not supported whole', () => {
    const parsed =
      parseText(`package p; class c; function new(); endfunction class d; endclass endclass : c int after; endpackage
      module m; covergroup cg @(posedge c); endgroup property x; a |-> b; endproperty assert property (x) else $error("e");
      default clocking cb @(posedge c); endclocking import "DPI-C" function int f(); wire w; endmodule`);
    expect(parsed.problems.map((problem) => [problem.code, problem.severity])).toEqual(
      Array.from({ length: 6 }, () => ['not-supported', 'error']),
    );
    const [p, m] = parsed.unit.items as ModuleDecl[];
    expect(p!.items.map((item) => item.kind)).toEqual(['unsupported', 'var']);
    expect(m!.items.at(-1)?.kind).toBe('net');
  });

  it('checks the names at ends', () => {
    expect(errorsOf('module m;\nendmodule : n')).toEqual(["2: The module 'm' ends here with the name 'n'."]);
    expect(errorsOf('module m; initial begin : a\nend : b\nendmodule')).toEqual([
      "2: The block 'a' ends here with the name 'b'.",
    ]);
  });

  it('ends, and never throws, on any row of tokens', () => {
    const words =
      "module endmodule begin end if else for case endcase ( ) [ ] { } ; : , . = <= + - ? @ # ( * ) function endfunction task endtask generate endgenerate always initial wire reg input output a b 1 typedef struct enum packed interface endinterface class endclass specify endspecify primitive table endtable fork join :: ' '{ (* *) import * assert property with inside".split(
        ' ',
      );
    const isWord = (text: string): boolean => /^[a-z]{2,}$/.test(text);
    const stream = (list: string[]): TokenStream => {
      const count = list.length + 1;
      const numbers = (): Int32Array => new Int32Array(count);
      return {
        files: [{ path: 'a.sv', text: '' }],
        count,
        kinds: Uint8Array.from([
          ...list.map((text) =>
            isWord(text)
              ? TokenKind.keyword
              : /[a-z]/.test(text)
                ? TokenKind.identifier
                : text === '1'
                  ? TokenKind.number
                  : TokenKind.symbol,
          ),
          TokenKind.end,
        ]),
        texts: [...list, ''],
        file: numbers(),
        offset: numbers(),
        length: numbers(),
        line: Int32Array.from({ length: count }, (_, i) => 1 + (i >> 3)),
        column: numbers(),
        reported: new Map(),
        fromMacro: new Uint8Array(count),
        directives: [],
        comments: [],
        macros: new Map(),
      };
    };
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 120 }), fc.boolean(), (list, sv) => {
        const { unit } = parse(stream(list), { generation: sv ? '2012' : '2005' });
        for (const item of unit.items) expect(item.last).toBeLessThanOrEqual(list.length);
      }),
      { numRuns: 1500 },
    );
  });
});
