import { describe, expect, it } from 'vitest';
import { elaborate } from './design.ts';
import { designOf, elaborated, parameterOf, parsed, pathOf, scopeNamed, signalNamed } from './elaborate.fixture.ts';

const codes = (text: string, generation: '2005' | '2012' = '2005') =>
  elaborated(text, { generation })
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

describe('the tree of instances', () => {
  it('has at its top what nothing instantiates, taken branch or not', () => {
    const design = designOf(`
      module used; endmodule
      module one; generate if (0) used u(); endgenerate endmodule
      module two; endmodule`);
    expect(design.tops.map((id) => design.scopes[id]!.name)).toEqual(['one', 'two']);
  });

  it('names generate blocks by the standard', () => {
    const design = designOf(`
      module top;
        parameter genblk2 = 0;
        genvar g, h;
        for (g = 0; g < 2; g = g + 1) reg r;
        if (genblk2) begin reg b; end else begin reg c; end
        if (0) begin reg d; end else if (1) begin : named reg e; end
        if (1) reg f;
        case (genblk2) 0: if (1) begin reg k; end endcase
        for (h = 1; h >= 0; h = h - 1) begin : loop reg m; end
      endmodule`);
    const made = design.scopes.filter(({ kind }) => kind === 'generate').map(({ name }) => name);
    expect(made.toSorted()).toEqual(
      ['genblk1[0]', 'genblk1[1]', 'genblk02', 'named', 'genblk4', 'genblk5', 'loop[1]', 'loop[0]'].toSorted(),
    );
  });

  it('gives parameters by order, by name, by defparam into generate blocks, and from the command line', () => {
    const design = designOf(
      `module leaf #(parameter W = 4, parameter signed [7:0] S = 1, localparam D = W * 2) (); endmodule
      module top;
        parameter N = 1;
        leaf #(5) a();
        leaf #(.S(8'hff)) b();
        genvar g;
        for (g = 0; g < N; g = g + 1) begin : gen leaf c(); end
        defparam gen[1].c.W = 9, top.b.W = 7;
      endmodule`,
      { parameters: { 'top.N': '2' } },
    );
    expect(parameterOf(design, 'top.a.D')).toBe(10);
    expect(parameterOf(design, 'top.b.S')).toBe(-1);
    expect(parameterOf(design, 'top.b.W')).toBe(7);
    expect(parameterOf(design, 'top.gen[0].c.W')).toBe(4);
    expect(parameterOf(design, 'top.gen[1].c.D')).toBe(18);
  });

  it('resolves parameters in any order and through functions', () => {
    const design = designOf(`
      module top;
        localparam A = B + 1;
        localparam B = log2(300);
        function integer log2(input integer n);
          begin
            log2 = 0;
            while (n > 1) begin n = n >> 1; log2 = log2 + 1; end
          end
        endfunction
      endmodule`);
    expect(parameterOf(design, 'top.A')).toBe(9);
  });

  it('ends a recursion by a parameter, and reports one without end', () => {
    const design = designOf(`
      module tree #(parameter N = 4) (); if (N > 1) begin : sub tree #(N / 2) l(), r(); end endmodule
      module top; tree t(); endmodule`);
    expect(design.scopes.filter(({ module }) => module === 'tree')).toHaveLength(7);
    expect(codes('module a; b u(); endmodule module b; a u(); endmodule module top; a u(); endmodule')).toEqual([
      'recursion',
    ]);
  });

  it('asks the library for modules, which are not at the top', () => {
    const library = (name: string) =>
      name === 'part' ? parsed('module part(input a); endmodule module other; endmodule', '2005', 'part.v') : undefined;
    const design = designOf('module top; wire w; part u(w); endmodule', { library });
    expect(design.tops.map((id) => design.scopes[id]!.name)).toEqual(['top']);
    expect(scopeNamed(design, 'top.u').module).toBe('part');
  });

  it('says the places of several units', () => {
    const units = [
      parsed('module a; b u(); endmodule', '2005', 'a.v'),
      parsed('\nmodule b; c u(); endmodule', '2005', 'b.v'),
    ];
    const { problems } = elaborate(units, { tops: [], parameters: {}, delays: 'typ', specify: false });
    expect(problems[0]).toMatchObject({ code: 'unknown-module', where: { file: 'b.v', line: 2, column: 11 } });
  });

  it('starts processes as Icarus does', () => {
    const design = designOf(`
      module leaf;
        initial ;
        always @(x) ;
        reg x;
      endmodule
      module top;
        initial ;
        leaf l();
        always #1 ;
        genvar g;
        for (g = 0; g < 2; g = g + 1) begin : gen initial ; leaf l(); end
        final ;
        initial ;
      endmodule`);
    expect(design.processes.map(({ kind, scope }) => `${pathOf(design, scope)} ${kind}`)).toEqual([
      'top.l always',
      'top.gen[1].l always',
      'top.gen[0].l always',
      'top.gen[0].l initial',
      'top.gen[0] initial',
      'top.gen[1].l initial',
      'top.gen[1] initial',
      'top.l initial',
      'top initial',
      'top always',
      'top initial',
      'top final',
    ]);
  });
});

describe('initial values', () => {
  it('are given by a procedure in Verilog, before any in SystemVerilog', () => {
    const text = 'module t; reg a = 1; initial ; always @(a) ; endmodule';
    const verilog = designOf(text, { generation: '2005' });
    expect(verilog.processes.map(({ kind }) => kind)).toEqual(['always', 'initial', 'initial']);
    expect(verilog.processes[1]!.body).toMatchObject({ body: [{ op: 'assign' }] });
    expect(signalNamed(verilog, 't.a').init).toBeUndefined();
    const system = designOf(text, { generation: '2012' });
    expect(system.processes.map(({ kind }) => kind)).toEqual(['always', 'initial']);
    expect(signalNamed(system, 't.a').init).toMatchObject({ op: 'const' });
  });
});

describe('declarations', () => {
  it('merges ports with nets and variables', () => {
    const design = designOf(
      'module top(a, b, c); input signed [3:0] a; output [0:7] b; reg [0:7] b; output c; tri1 c; endmodule',
      { generation: '2005' },
    );
    expect(signalNamed(design, 'top.a')).toMatchObject({
      kind: 'net',
      port: 'input',
      type: { width: 4, signed: true },
    });
    expect(signalNamed(design, 'top.b')).toMatchObject({ kind: 'variable', packed: [{ left: 0, right: 7 }] });
    expect(signalNamed(design, 'top.c').net).toEqual({ kind: 'tri1' });
  });

  it('lays out packed structs, enums and arrays', () => {
    const design = designOf(`
      package p;
        typedef enum logic [1:0] { A, B = 2, C } e;
        typedef struct packed { e kind; logic [3:0][1:0] pairs; byte low; } s;
      endpackage
      module top; import p::*; s one; s [1:0] two [3:1][4]; struct { int a; real b; } three; endmodule`);
    expect(signalNamed(design, 'top.one')).toMatchObject({ type: { kind: 'vector', width: 18 }, structType: 0 });
    expect(design.structs[0]!.fields.map(({ name, offset, width }) => [name, offset, width])).toEqual([
      ['kind', 16, 2],
      ['pairs', 8, 8],
      ['low', 0, 8],
    ]);
    expect(design.enums[0]).toEqual({
      name: 'e',
      members: [
        { name: 'A', a: 0n, b: 0n },
        { name: 'B', a: 2n, b: 0n },
        { name: 'C', a: 3n, b: 0n },
      ],
    });
    expect(signalNamed(design, 'top.two').type).toMatchObject({
      kind: 'array',
      count: 12,
      dims: [
        { left: 3, right: 1 },
        { left: 0, right: 3 },
      ],
      element: { width: 36 },
    });
    expect(design.signals.find(({ name }) => name === 'three.b')?.type).toEqual({ kind: 'real' });
  });

  it('declares nets by their use only where a default net type is', () => {
    const text = 'module leaf(input a, output y); endmodule module top; leaf l(.a(p), .y(q)); and (r, p, q); endmodule';
    const design = designOf(text);
    expect(design.scopes[design.tops[0]!]!.signals.map((id) => design.signals[id]!.name)).toEqual(['p', 'q', 'r']);
    expect(codes(`\`default_nettype none\n${text}`).length).toBeGreaterThan(0);
  });

  it('refuses what is declared twice, in a circle, or not at all', () => {
    expect(codes('module t; wire a; reg a; endmodule')).toEqual(['declared-twice']);
    expect(codes('module t; parameter a = b; parameter b = a; endmodule')).toContain('circular');
    expect(codes('module m(a, b); input a; endmodule module t; m u(1, 1); endmodule')).toContain('port-not-declared');
    expect(codes('module t(a); output [3:0] a; reg [1:0] a; endmodule')).toEqual(['port-range']);
    expect(codes("module t; reg [8'bx:0] a; endmodule")).toHaveLength(1);
    expect(codes('module t; reg [7:0] a [0:1 << 30]; endmodule')).toEqual(['too-large']);
  });
});

describe('connections', () => {
  it('links nets, lets variables drive nets, and assigns expressions', () => {
    const design = designOf(
      `module leaf(input [1:0] a, b, c, output reg [1:0] y); endmodule
      module top; wire [3:0] w; reg [1:0] r; leaf l(w[2:1], r, r + 1'b1, w[3:2]); endmodule`,
    );
    const of = (name: string) => signalNamed(design, name).id;
    expect(design.links).toMatchObject([
      { left: { signal: of('top.l.a'), offset: 0 }, right: { signal: of('top.w'), offset: 1, width: 2 } },
      { left: { signal: of('top.l.b') }, right: { signal: of('top.r') }, driver: 'right' },
      { left: { signal: of('top.l.y') }, right: { signal: of('top.w'), offset: 2, width: 2 }, driver: 'left' },
    ]);
    expect(design.assigns).toMatchObject([{ origin: 'port', target: [{ signal: of('top.l.c') }] }]);
  });

  it('cuts and fills where widths differ, with a warning', () => {
    const { design, problems } = elaborated(
      'module leaf(input [3:0] a, output [3:0] y); endmodule module top; wire [7:0] w; wire [1:0] v; leaf l(w, v); endmodule',
    );
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['port-width', 'warning'],
      ['port-width', 'warning'],
    ]);
    expect(design!.links.map(({ left, right }) => [left.width, right.width])).toEqual([
      [4, 4],
      [2, 2],
    ]);
    const padded = designOf(
      'module leaf(output signed [3:0] y, output u); endmodule module top; wire [7:0] w, v; leaf l(w, v); endmodule',
    );
    expect(padded.assigns).toMatchObject([
      { target: [{ offset: 4, width: 4 }], value: { op: 'replicate', count: 4 } },
      { target: [{ offset: 1, width: 7 }], value: { op: 'const' } },
    ]);
  });

  it('gives each of an array of instances its bits', () => {
    const design = designOf(
      'module leaf(input [1:0] a, input b, output y); endmodule module top; wire [3:0] w; wire o; wire [1:0] v; leaf l[1:0](w, o, v); endmodule',
    );
    const a = (index: number) => signalNamed(design, `top.l[${index}].a`).id;
    const link = (signal: number) => design.links.find(({ left }) => left.signal === signal)!.right;
    expect(link(a(1))).toMatchObject({ offset: 2, width: 2 });
    expect(link(a(0))).toMatchObject({ offset: 0, width: 2 });
  });

  it('connects by name, by .name and by .*', () => {
    const design = designOf(
      'module leaf(input a, b, c); endmodule module top; wire a, b, d; leaf l(.c(d), .b, .*); endmodule',
    );
    expect(
      design.links.map(
        ({ left, right }) => `${design.signals[left.signal]!.name}-${design.signals[right.signal]!.name}`,
      ),
    ).toEqual(['a-a', 'b-b', 'c-d']);
  });

  it('sees through interface ports with modports', () => {
    const design = designOf(`
      interface bus(input clk); logic [7:0] data; modport slave(input data, input clk); endinterface
      module leaf(bus.slave b, output [7:0] y); assign y = b.data; endmodule
      module top; reg clk; bus i(clk); wire [7:0] y; leaf l(i, y); endmodule`);
    const [assign] = design.assigns;
    expect(assign!.reads).toMatchObject([{ signal: signalNamed(design, 'top.i.data').id }]);
  });

  it('refuses what cannot be', () => {
    const leaf = 'module leaf(input a, output y, inout z); endmodule';
    expect(codes(`${leaf} module t; wire w; leaf l(.q(w)); endmodule`)).toEqual(['no-port']);
    expect(codes(`${leaf} module t; wire w; leaf l(w, w); endmodule`)).toEqual(['port-count']);
    expect(codes(`${leaf} module t; reg r; leaf l(.y(r)); endmodule`)).toEqual(['variable-driven']);
    expect(codes(`${leaf} module t; wire w; leaf l(.y(w & w)); endmodule`)).toHaveLength(1);
    expect(codes(`${leaf} module t; leaf #(.N(1)) l(); endmodule`)).toEqual(['no-parameter']);
    expect(codes('module t; logic v; assign v = 1; assign v = 0; endmodule', '2012')).toEqual(['driven-twice']);
    expect(codes('module t; logic v; assign v = 1; initial v = 0; endmodule', '2012')).toEqual(['driven-and-assigned']);
  });
});

describe('gates and primitives', () => {
  it('makes one of each bit of an array', () => {
    const design = designOf(
      'module t; wire [1:0] y, a; wire e; bufif1 (weak0, pull1) #(1, 2, 3) g[1:0](y, a, e); tran (a[0], e); endmodule',
    );
    expect(design.gates).toHaveLength(2);
    expect(design.gates[0]).toMatchObject({
      name: 'g[1]',
      outputs: [{ offset: 1, width: 1 }],
      strength: { zero: 3, one: 5 },
    });
    expect(design.gates[0]!.delay?.off).toBeDefined();
    expect(design.switches).toMatchObject([{ kind: 'tran', left: { offset: 0 } }]);
  });

  it('has the tables of primitives and their instances', () => {
    const table = (rows: string) => `primitive p(y, a, b); output y; input a, b; table ${rows} endtable endprimitive
      module t; wire y, a; p #2 (y, a, 1'b1); endmodule`;
    const design = designOf(table('0 ? : 0; 1 1 : 1;'));
    expect(design.udps).toMatchObject([
      { name: 'p', inputs: 2, rows: [{ inputs: ['0', '?'], output: '0' }, { output: '1' }] },
    ]);
    expect(design.udpInstances).toHaveLength(1);
  });

  it('has the paths of specify blocks when asked', () => {
    const text = 'module t(input a, output y); specify specparam d = 3; (a => y) = (d, 4); endspecify endmodule';
    expect(designOf(text).paths).toMatchObject([{ full: false, delays: [{}, {}] }]);
    expect(designOf(text, { specify: false }).paths).toEqual([]);
  });
});

describe('time', () => {
  it('has a unit for each scope and the finest precision', () => {
    const design = designOf('`timescale 1ns/10ps\nmodule a; endmodule\n`timescale 1us/1ns\nmodule b; endmodule');
    expect(design.precision).toBe(-11);
    expect(scopeNamed(design, 'b')).toMatchObject({ unit: -6, precision: -9 });
    expect(designOf('module a; endmodule')).toMatchObject({ precision: 0 });
  });
});
