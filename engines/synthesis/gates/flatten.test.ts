import { describe, expect, it } from 'vitest';
import type { Library, LibraryCell, LibraryPin } from '../liberty/types.ts';
import type { Bit, YosysCell, YosysModule, YosysNetlist } from '../yosys-json.ts';
import { flattenGates } from './flatten.ts';
import { type GateNetlist, NET_0, NET_1, OPEN } from './types.ts';

function pin(name: string, direction: 'input' | 'output', threeState = false): LibraryPin {
  return {
    name,
    direction,
    capacitancePf: 0.01,
    riseCapacitancePf: 0.01,
    fallCapacitancePf: 0.01,
    clock: false,
    threeState: threeState ? { kind: 'pin', name: 'E' } : undefined,
    arcs: [],
    power: [],
  };
}

function cell(name: string, pins: LibraryPin[]): LibraryCell {
  return {
    name,
    areaUm2: 1,
    leakageNw: 0,
    leakageStates: [],
    pins,
    pinIndex: new Map(pins.map((one, i) => [one.name, i])),
    dontUse: false,
    dontTouch: false,
    unread: [],
    line: 1,
  };
}

const cells = [
  cell('INV', [pin('A', 'input'), pin('Y', 'output')]),
  cell('NAND2', [pin('A', 'input'), pin('B', 'input'), pin('Y', 'output')]),
  cell('TBUF', [pin('A', 'input'), pin('E', 'input'), pin('Y', 'output', true)]),
  cell('ROM', [pin('A[1]', 'input'), pin('A[0]', 'input'), pin('Y', 'output')]),
];
const library = { name: 'four', cells: new Map(cells.map((one) => [one.name, one])) } as Library;

function instance(
  type: string,
  connections: Record<string, Bit[]>,
  attributes: Record<string, string> = {},
): YosysCell {
  return { hide_name: 0, type, parameters: {}, attributes, connections };
}

function module(parts: Partial<YosysModule>): YosysModule {
  return { attributes: {}, ports: {}, cells: {}, netnames: {}, ...parts };
}

function net(bits: Bit[], more: object = {}) {
  return { hide_name: 0 as const, bits, attributes: {}, ...more };
}

function flat(netlist: YosysNetlist): GateNetlist {
  const result = flattenGates(netlist, library);
  if (!result.ok) throw new Error(result.problems.map(({ what }) => what).join('\n'));
  return result.value;
}

function problems(netlist: YosysNetlist) {
  const result = flattenGates(netlist, library);
  return result.ok ? [] : result.problems;
}

const pair = module({
  ports: { a: { direction: 'input', bits: [2, 3] }, y: { direction: 'output', bits: [5] } },
  cells: {
    g1: instance('NAND2', { A: [2], B: [3], Y: [4] }, { src: 'pair.v:3.1-3.9' }),
    g2: instance('INV', { A: [4], Y: [5] }),
  },
  netnames: { a: net([2, 3]), y: net([5]), mid: net([4]) },
});

describe('flattenGates', () => {
  it('merges nets through the hierarchy and keeps every name of them', () => {
    const design = flat({
      modules: {
        top: module({
          attributes: { top: '1' },
          ports: { in: { direction: 'input', bits: [2, 3, 4] }, out: { direction: 'output', bits: [6] } },
          cells: { u1: instance('pair', { a: [2, 3], y: [5] }), u2: instance('pair', { a: [5, 4], y: [6] }) },
          netnames: { in: net([2, 3, 4]), link: net([5]), out: net([6]) },
        }),
        pair,
      },
    });
    expect(design.instances.map(({ name }) => name)).toEqual(['u1/g1', 'u1/g2', 'u2/g1', 'u2/g2']);
    expect(design.nets).toHaveLength(7);
    const link = design.nets.find(({ name }) => name === 'link');
    expect(link?.aliases.sort()).toEqual(['link', 'u1.y', 'u2.a[0]']);
    expect(design.ports.map(({ name }) => name)).toEqual(['in[0]', 'in[1]', 'in[2]', 'out']);
    expect(design.instances[0]).toMatchObject({ module: 'pair', scope: 'u1', where: { file: 'pair.v', line: 3 } });
    expect(design.instances[2]?.pins[0]).toBe(design.instances[1]?.pins[1]);
    expect(design.nets[design.instances[2]?.pins[1] as number]?.name).toBe('in[2]');
  });

  it('carries constants and aliases through the ports of a module', () => {
    const design = flat({
      modules: {
        top: module({
          attributes: { top: '1' },
          ports: { a: { direction: 'input', bits: [2] }, y: { direction: 'output', bits: [5, 6, 7] } },
          cells: {
            u: instance('ties', { i: [2], zero: [3], one: [4], same: [5] }),
            g: instance('NAND2', { A: [3], B: [4], Y: [6] }),
            h: instance('NAND2', { A: ['1'], Y: [7] }),
          },
          netnames: { a: net([2]), y: net([5, 6, 7]) },
        }),
        ties: module({
          ports: {
            i: { direction: 'input', bits: [2] },
            zero: { direction: 'output', bits: ['0'] },
            one: { direction: 'output', bits: ['1'] },
            same: { direction: 'output', bits: [2] },
          },
        }),
      },
    });
    expect([...(design.instances[0]?.pins ?? [])].slice(0, 2)).toEqual([NET_0, NET_1]);
    expect([...(design.instances[1]?.pins ?? [])].slice(0, 2)).toEqual([NET_1, OPEN]);
    expect(design.ports[0]?.net).toBe(design.ports[1]?.net);
  });

  it('names bits of ranges that do not begin at 0, and of ascending ones', () => {
    const design = flat({
      modules: {
        top: module({
          attributes: { top: '1' },
          ports: {
            a: { direction: 'input', bits: [2, 3], offset: 4 },
            b: { direction: 'input', bits: [4, 5], upto: 1 },
          },
          cells: { r: instance('ROM', { A: [2, 3], Y: [6] }) },
          netnames: {},
        }),
      },
    });
    expect(design.ports.map(({ name }) => name)).toEqual(['a[4]', 'a[5]', 'b[1]', 'b[0]']);
    // Bit 0 of the netlist is A[0], which is the second pin of the cell.
    expect(design.instances[0]?.pins[1]).toBe(design.ports[0]?.net);
  });

  it('finds the scope of what Yosys has flattened', () => {
    const design = flat({
      modules: {
        top: module({
          attributes: { top: '1' },
          ports: { a: { direction: 'input', bits: [2] } },
          cells: {
            u1: instance(
              '$scopeinfo',
              {},
              { module: "$paramod\\alu\\W=s32'00000000000000000000000000000100", module_src: 't.v:1.1-9.2' },
            ),
            u2: instance('$scopeinfo', {}, { module: 'other', module_src: 't.v:11.1-19.2' }),
            '$flatten\\u1.$auto$1': instance('INV', { A: [2], Y: [3] }),
            'u1.r': instance('INV', { A: [2], Y: [4] }, { hdlname: 'u1 r' }),
            $abc$1: instance('INV', { A: [2], Y: [5] }, { src: 't.v:12.1-12.2' }),
            $abc$2: instance('INV', { A: [2], Y: [6] }),
          },
          netnames: { a: net([2]), 'u1.r_q': net([4], { attributes: { hdlname: 'u1 r_q' } }) },
        }),
      },
    });
    expect(design.instances.map(({ name, scope, module: of }) => [name, scope, of])).toEqual([
      ['u1/$auto$1', 'u1', 'alu #(W=4)'],
      ['u1/r', 'u1', 'alu #(W=4)'],
      ['$abc$1', 'u2', 'other'],
      ['$abc$2', '', 'top'],
    ]);
    expect(design.nets[design.instances[1]?.pins[1] as number]?.name).toBe('u1.r_q');
  });

  it('names cells that are not of the library, once for each type', () => {
    const found = problems({
      modules: {
        top: module({
          attributes: { top: '1' },
          ports: { a: { direction: 'input', bits: [2] } },
          cells: {
            l1: instance('$_DLATCH_P_', { D: [2], E: [2], Q: [3] }, { src: 'l.v:7.2-7.9' }),
            l2: instance('$_DLATCH_P_', { D: [2], E: [2], Q: [4] }),
            m: instance('MYSTERY', {}),
            n: instance('INV', { A: [2], Z: [9] }),
          },
        }),
      },
    });
    expect(found.map(({ code }) => code).sort()).toEqual(['gates-unknown-cell', 'gates-unknown-pin', 'gates-unmapped']);
    const latch = found.find(({ code }) => code === 'gates-unmapped');
    expect(latch?.what).toMatch(/^2 cells, l1 .*\$_DLATCH_P_/);
    expect(latch?.where).toMatchObject({ file: 'l.v', line: 7 });
  });

  it('reports nets that are driven twice, but lets three-state drivers share one', () => {
    const design = (type: string, second: Bit) => ({
      modules: {
        top: module({
          attributes: { top: '1' },
          ports: { a: { direction: 'input' as const, bits: [2] } },
          cells: {
            g1: instance(type, { A: [2], E: [2], Y: [3] }),
            g2: instance(type, { A: [2], E: [2], Y: [second] }, { src: 'd.v:5.1-5.2' }),
          },
          netnames: { y: net([3]) },
        }),
      },
    });
    expect(problems(design('TBUF', 3))).toEqual([]);
    const inverters = design('INV', 3);
    for (const one of Object.values(inverters.modules.top.cells)) delete one.connections.E;
    const [twice] = problems(inverters);
    expect(twice).toMatchObject({ code: 'gates-driven-twice', where: { file: 'd.v', line: 5 } });
    expect(twice?.what).toBe('The net y is driven by g1/Y (INV) and also by g2/Y (INV, d.v:5:1).');
    const onInput = design('INV', 2);
    for (const one of Object.values(onInput.modules.top.cells)) delete one.connections.E;
    expect(problems(onInput)[0]?.what).toContain('the input a');
  });
});
