import { describe, expect, it } from 'vitest';
import type { YosysCell, YosysModule, YosysNetlist } from '../../../../engines/synthesis/yosys-json.ts';
import { namesOf, shortNet, shortPin } from './names.ts';

const cell = (type: string, connections: YosysCell['connections']): YosysCell => ({
  hide_name: 1,
  type,
  parameters: {},
  attributes: {},
  port_directions: Object.fromEntries(
    Object.keys(connections).map((port) => [port, port === 'Q' || port === 'Y' ? 'output' : 'input'] as const),
  ),
  connections,
});

const leaf: YosysModule = {
  attributes: {},
  ports: {},
  cells: {
    $auto$ff: cell('DFF_X1', { D: [4], CK: [2], Q: [6] }),
    $abc$1: cell('INV_X1', { A: [6], Y: [9] }),
  },
  netnames: {
    count: { hide_name: 0, bits: [5, 6], attributes: {} },
    a_longer_name: { hide_name: 0, bits: [6], attributes: {} },
    $abc$1$n: { hide_name: 1, bits: [9], attributes: {} },
  },
};
const netlist: YosysNetlist = {
  modules: {
    top: { attributes: { top: '1' }, ports: {}, cells: { u1: cell('leaf', {}) }, netnames: {} },
    leaf,
  },
};

describe('names', () => {
  it('are those of the nets that instances drive', () => {
    const names = namesOf(netlist);
    expect(shortPin('u1/$auto$ff/D', names)).toBe('u1/count[1]/D');
    expect(names.has('u1/$abc$1')).toBe(false);
    expect(namesOf(netlist)).toBe(names);
    expect(namesOf({ modules: {} }).size).toBe(0);
  });

  it('say of what Yosys made only what tells it apart', () => {
    const short = [
      'count[3]',
      '$abc$297$new_n26',
      '$auto$ff.cc:266:slice$109',
      'u1/$abc$297$auto$rtlil.cc:2739:MuxGate$289',
      '$add$rtl/alu.v:12$5_Y',
      '$procmux$7[2]',
    ].map(shortNet);
    expect(short).toEqual(['count[3]', 'new_n26', 'slice$109', 'u1/MuxGate$289', '5_Y', 'procmux$7[2]']);
    expect(shortPin('clk', new Map())).toBe('clk');
  });
});
