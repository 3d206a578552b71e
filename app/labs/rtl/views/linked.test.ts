import { describe, expect, it } from 'vitest';
import type { YosysCell, YosysModule, YosysNetlist } from '../../../../engines/synthesis/yosys-json.ts';
import { cellsOfLine, walk } from './linked.ts';

const cell = (type: string, src: string): YosysCell => ({
  hide_name: 0,
  type,
  parameters: {},
  attributes: { src },
  connections: {},
});
const module = (cells: Record<string, YosysCell>): YosysModule => ({ attributes: {}, ports: {}, cells, netnames: {} });

const netlist: YosysNetlist = {
  modules: {
    top: module({
      add: cell('$add', 'top.v:5.12-5.17'),
      register: cell('$dff', 'top.v:4.3-8.6'),
      whole: cell('$mux', 'top.v:1.1-20.3'),
      left: cell('leaf', 'top.v:15.3-15.20'),
      right: cell('leaf', 'top.v:16.3-16.20'),
      other: cell('shell', 'top.v:17.3-17.20'),
    }),
    shell: module({ inner: cell('leaf', 'shell.v:2.3-2.9') }),
    leaf: module({ and: cell('$and', 'leaf.v:3.5-3.9|leaf.v:7.1-7.4') }),
  },
};

describe('cells of a source line', () => {
  const at = (file: string, line: number) => [...cellsOfLine(netlist, 'top', file, line)];

  it('are those that begin there, before those that only cover it', () => {
    expect(at('top.v', 5)).toEqual(['add']);
    expect(at('top.v', 4)).toEqual(['register']);
  });

  it('are those of the narrowest stretch otherwise', () => {
    expect(at('top.v', 6)).toEqual(['register']);
    expect(at('top.v', 12)).toEqual(['whole']);
  });

  it('of another module are the instances that lead to it', () => {
    expect(at('leaf.v', 7)).toEqual(['left', 'right', 'other']);
    expect(at('shell.v', 2)).toEqual(['other']);
    expect(at('leaf.v', 4)).toEqual([]);
  });
});

describe('a path of instances', () => {
  it('leads as far as the netlist has it', () => {
    expect(walk(netlist, 'top', ['other', 'inner'])).toEqual({ module: 'leaf', path: ['other', 'inner'] });
    expect(walk(netlist, 'top', ['other', 'gone', 'x'])).toEqual({ module: 'shell', path: ['other'] });
    expect(walk(netlist, 'top', ['add'])).toEqual({ module: 'top', path: [] });
  });
});
