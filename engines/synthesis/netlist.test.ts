import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countByLine, labelBySrc, labelGates } from './attribution.ts';
import { kindOf } from './cell-kinds.ts';
import { logicDepth } from './depth.ts';
import { constantText, countNetlist, displayName, instanceCounts } from './netlist.ts';
import { parseSrc, placeOf } from './src.ts';
import type { Bit, YosysCell, YosysModule, YosysNetlist } from './yosys-json.ts';

const TOP = { top: '00000000000000000000000000000001' };

function gate(type: string, connections: Record<string, Bit[]>, src?: string): YosysCell {
  const directions: YosysCell['port_directions'] = {};
  for (const port of Object.keys(connections)) directions[port] = port === 'Y' || port === 'Q' ? 'output' : 'input';
  return {
    hide_name: 1,
    type,
    parameters: {},
    attributes: src === undefined ? {} : { src },
    port_directions: directions,
    connections,
  };
}

function module(
  cells: Record<string, YosysCell>,
  ports: YosysModule['ports'] = {},
  attributes: Record<string, string> = {},
  names: Record<string, Bit[]> = {},
): YosysModule {
  const netnames: YosysModule['netnames'] = {};
  for (const [name, { bits }] of Object.entries(ports)) netnames[name] = { hide_name: 0, bits, attributes: {} };
  for (const [name, bits] of Object.entries(names)) {
    netnames[name] = { hide_name: name.startsWith('$') ? 1 : 0, bits, attributes: {} };
  }
  return { attributes, ports, cells, netnames };
}

const input = (...bits: Bit[]) => ({ direction: 'input' as const, bits });
const output = (...bits: Bit[]) => ({ direction: 'output' as const, bits });

/** `length` inverters in a row, from port `a` to port `y`. */
function chain(length: number): YosysModule {
  const cells: Record<string, YosysCell> = {};
  for (let i = 0; i < length; i++)
    cells[`n${i}`] = gate('$_NOT_', { A: [2 + i], Y: [3 + i] }, `chain.v:${i + 1}.1-${i + 1}.9`);
  return module(cells, { a: input(2), y: output(2 + length) });
}

describe('kindOf', () => {
  it('tells cells apart', () => {
    const kinds: Record<string, string> = {
      $_DFF_P_: 'flip-flop',
      $_SDFFCE_PN0P_: 'flip-flop',
      $_ALDFFE_PPP_: 'flip-flop',
      $_DFFSR_PPP_: 'flip-flop',
      $adffe: 'flip-flop',
      $dff: 'flip-flop',
      $_DLATCH_P_: 'latch',
      $_SR_PP_: 'latch',
      $dlatchsr: 'latch',
      $mem_v2: 'memory',
      $scopeinfo: 'other',
      $add: 'logic',
      $_MUX_: 'logic',
      $_TBUF_: 'logic',
      '$paramod\\mac\\W=8': 'instance',
      mac: 'instance',
    };
    for (const [type, kind] of Object.entries(kinds)) expect([type, kindOf(type)]).toEqual([type, kind]);
  });
});

describe('parseSrc', () => {
  it('reads every user place, in files with blanks and colons, and leaves out the library', () => {
    expect(parseSrc('my top.v:3.1-5.4|/share/techmap.v:2.1-2.9|b.v:7.2-7.3')).toEqual([
      { file: 'my top.v', line: 3, column: 1, endLine: 5, endColumn: 4 },
      { file: 'b.v', line: 7, column: 2, endLine: 7, endColumn: 3 },
    ]);
    expect(parseSrc('a.v:0.0-0.0')).toEqual([]);
    expect(parseSrc(undefined)).toEqual([]);
    expect(placeOf('x.v:4.2-4.3', (name) => `rtl/${name}`)).toEqual({ file: 'rtl/x.v', line: 4, column: 2 });
  });
});

describe('constantText', () => {
  it('writes parameters as people do', () => {
    expect(constantText('00000000000000000000000000001000')).toBe('8');
    expect(constantText('1'.repeat(32))).toBe('-1');
    expect(constantText('10x0')).toBe("4'b10x0");
    expect(constantText('fast')).toBe('"fast"');
  });
});

describe('countNetlist', () => {
  const netlist: YosysNetlist = {
    modules: {
      leaf: module(
        { g: gate('$_AND_', { A: [2], B: [3], Y: [4] }), f: gate('$_DFF_P_', { C: [5], D: [4], Q: [6] }) },
        { a: input(2), b: input(3), c: input(5), y: output(6) },
        {},
        { $x: [4] },
      ),
      pair: module({
        l: gate('leaf', {}),
        r: gate('leaf', {}),
        $s: gate('$scopeinfo', {}),
        n: gate('$_NOT_', { A: [2], Y: [3] }),
      }),
      unused: module({ n: gate('$_NOT_', { A: [2], Y: [3] }) }),
      top: module({ p: gate('pair', {}), q: gate('pair', {}), l: gate('leaf', {}) }, {}, TOP),
    },
  };

  it('multiplies instances out, and counts neither them nor what is not instantiated', () => {
    expect(Object.fromEntries(instanceCounts(netlist))).toEqual({ top: 1, pair: 2, leaf: 5 });
    const counts = countNetlist(netlist);
    expect(counts).toMatchObject({ cells: 12, flipFlops: 5, latches: 0, wires: 25 });
    expect(counts.byType).toEqual([
      { type: '$_AND_', count: 5 },
      { type: '$_DFF_P_', count: 5 },
      { type: '$_NOT_', count: 2 },
    ]);
    expect(counts.byModule).toEqual([
      { module: 'leaf', instances: 5, cells: 2, flipFlops: 1, cellsInAll: 10 },
      { module: 'pair', instances: 2, cells: 1, flipFlops: 0, cellsInAll: 2 },
      { module: 'top', instances: 1, cells: 0, flipFlops: 0, cellsInAll: 0 },
    ]);
  });

  it('names variants of a module by their parameters', () => {
    const variant = { ...chain(1), parameter_default_values: { W: '00000000000000000000000000000100' } };
    expect(displayName("$paramod\\mac\\W=s32'00000000000000000000000000000100", variant)).toBe('mac #(W=4)');
    expect(displayName('mac', variant)).toBe('mac');
  });
});

describe('logicDepth', () => {
  it('is the number of cells in a row, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), (length) => {
        const { depth, path, cyclic } = logicDepth({ modules: { top: { ...chain(length), attributes: TOP } } });
        expect(depth).toBe(length);
        expect(cyclic).toBe(0);
        expect(path.map(({ cell }) => cell)).toEqual(Array.from({ length }, (_, i) => `n${i}`));
      }),
    );
  });

  it('goes through instances, and ends at registers', () => {
    const netlist: YosysNetlist = {
      modules: {
        chain: chain(3),
        top: module(
          {
            one: gate('chain', { a: [2], y: [3] }),
            two: gate('chain', { a: [3], y: [4] }),
            mid: gate('$_NOT_', { A: [4], Y: [5] }),
            reg: gate('$_DFF_P_', { C: [9], D: [5], Q: [6] }),
            three: gate('chain', { a: [6], y: [7] }),
          },
          { a: input(2), c: input(9), y: output(7) },
          TOP,
        ),
      },
    };
    const { depth, path } = logicDepth(netlist);
    expect(depth).toBe(7);
    expect(path.map(({ cell }) => cell)).toEqual(['one.n0', 'one.n1', 'one.n2', 'two.n0', 'two.n1', 'two.n2', 'mid']);
    expect(path[3]).toMatchObject({ module: 'chain', index: 0, type: '$_NOT_' });
  });

  it('joins nets that a module only passes on', () => {
    const netlist: YosysNetlist = {
      modules: {
        through: module({}, { a: input(2), y: output(2) }),
        top: module(
          {
            n: gate('$_NOT_', { A: [2], Y: [3] }),
            t: gate('through', { a: [3], y: [4] }),
            m: gate('$_NOT_', { A: [4], Y: [5] }),
          },
          { a: input(2), y: output(5) },
          TOP,
        ),
      },
    };
    expect(logicDepth(netlist).depth).toBe(2);
  });

  it('counts what lies on or behind a cycle, and does not follow it', () => {
    const netlist: YosysNetlist = {
      modules: {
        top: module(
          {
            a: gate('$_AND_', { A: [2], B: [4], Y: [3] }),
            b: gate('$_NOT_', { A: [3], Y: [4] }),
            c: gate('$_NOT_', { A: [4], Y: [5] }),
            d: gate('$_NOT_', { A: [2], Y: [6] }),
          },
          { a: input(2), y: output(5), z: output(6) },
          TOP,
        ),
      },
    };
    expect(logicDepth(netlist)).toMatchObject({ depth: 1, cyclic: 3 });
  });

  it('takes a large design in its stride', () => {
    const modules: YosysNetlist['modules'] = { m0: chain(64) };
    for (let level = 1; level <= 11; level++) {
      modules[`m${level}`] = module(
        { l: gate(`m${level - 1}`, { a: [2], y: [3] }), r: gate(`m${level - 1}`, { a: [3], y: [4] }) },
        { a: input(2), y: output(4) },
        level === 11 ? TOP : {},
      );
    }
    expect(logicDepth({ modules }).depth).toBe(64 * 2 ** 11);
  });
});

describe('labelGates', () => {
  // Before: y = (a & b) | c, of lines 1 and 2, into a register of line 3. After: NAND, NOT, OR.
  const before = module(
    {
      and: gate('$_AND_', { A: [2], B: [3], Y: [5] }, 'x.v:1.1-1.9|/share/techmap.v:3.1-3.2'),
      or: gate('$_OR_', { A: [5], B: [4], Y: [6] }, 'x.v:2.1-2.9|x.v:8.1-8.9'),
      reg: gate('$_DFF_P_', { C: [9], D: [6], Q: [7] }, 'x.v:3.1-3.9'),
    },
    { a: input(2), b: input(3), c: input(4), clk: input(9), q: output(7) },
    TOP,
    { $and$x: [5], $or$x: [6] },
  );
  const after = module(
    {
      nand: gate('$_NAND_', { A: [2], B: [3], Y: [20] }),
      not: gate('$_NOT_', { A: [20], Y: [21] }),
      or: gate('$_OR_', { A: [21], B: [4], Y: [6] }),
      reg: gate('$_DFF_P_', { C: [9], D: [6], Q: [7] }, 'x.v:3.1-3.9'),
      lone: gate('$_NOT_', { A: [4], Y: [30] }),
    },
    { a: input(2), b: input(3), c: input(4), clk: input(9), q: output(7) },
    TOP,
    { $abc$12$and$x_new_inv: [20], $abc$12$new_n9: [21], $or$x: [6] },
  );
  const wrap = (top: YosysModule): YosysNetlist => ({ modules: { top } });
  const labels = labelGates({ word: wrap(module({})), mapped: wrap(before), gates: wrap(after) }, (name) => name);
  const lineOf = (cell: string) =>
    labels.lines[labels.of.get('top')?.[Object.keys(after.cells).indexOf(cell)] ?? -1]?.line;

  it('takes the line of the net that the name stands for', () => {
    expect(lineOf('nand')).toBe(1);
    expect(lineOf('or')).toBe(2);
    expect(lineOf('reg')).toBe(3);
  });

  it('takes the line of the nearest cell downstream for a net without a name', () => {
    expect(lineOf('not')).toBe(2);
  });

  it('leaves a cell that is tied to nothing unattributed, and adds up', () => {
    expect(lineOf('lone')).toBeUndefined();
    const { lines, unattributed } = countByLine(wrap(after), labels);
    expect(unattributed).toBe(1);
    expect(lines).toEqual([
      { file: 'x.v', line: 1, cells: 1, flipFlops: 0, byType: { $_NAND_: 1 } },
      { file: 'x.v', line: 2, cells: 2, flipFlops: 0, byType: { $_NOT_: 1, $_OR_: 1 } },
      { file: 'x.v', line: 3, cells: 1, flipFlops: 1, byType: { $_DFF_P_: 1 } },
    ]);
  });

  it('labels words by their own first place', () => {
    const own = labelBySrc(wrap(before), (name) => name);
    expect([...(own.of.get('top') ?? [])].map((label) => own.lines[label]?.line)).toEqual([1, 2, 3]);
  });
});
