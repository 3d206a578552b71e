import { describe, expect, it } from 'vitest';
import { schematic } from './schematic.ts';
import { DESIGNS, netlistOf } from './schematic-designs.ts';
import { connected, Reader } from './schematic-reading.ts';
import type { SchematicGraph, SchematicOptions, SchematicSymbol } from './schematic-types.ts';
import type { Bit, YosysModule, YosysNetlist } from './yosys-json.ts';

function draw(netlist: YosysNetlist, module = 'top', options?: SchematicOptions): SchematicGraph {
  const drawn = schematic({ netlist, module, options });
  if (!drawn.ok) throw new Error(drawn.problems[0]!.what);
  return drawn.value;
}

const symbolOf = (graph: SchematicGraph, type: string): SchematicSymbol =>
  graph.symbols.find((symbol) => symbol.type === type)!;

/** Nets of several drivers, or of none, are one net under many numbers only by name; everything else is exact. */
function expectSameReading(graph: SchematicGraph, module: YosysModule): number {
  const reader = new Reader(graph, module);
  let read = 0;
  graph.symbols.forEach((symbol, s) => {
    if (symbol.shape === 'join') return;
    symbol.pins.forEach((pin, p) => {
      if (pin.direction === 'output') return;
      const wanted: Bit[] = connected(module, symbol.name, pin.name);
      if (wanted.length === 0) return;
      // A port that goes both ways is the place its net starts from, unless something else drives it too.
      if (pin.direction === 'inout' && !pin.note) return;
      expect(reader.arriving(s, p), `${symbol.name} ${pin.name}`).toEqual(wanted);
      read++;
    });
  });
  return read;
}

const netlists = new Map<string, YosysNetlist>();
async function prepared(design: string, passes?: string): Promise<YosysNetlist> {
  const key = `${design} ${passes}`;
  let netlist = netlists.get(key);
  if (!netlist) {
    netlist = await netlistOf(design, passes);
    netlists.set(key, netlist);
  }
  return netlist;
}

const CASES = [
  ...Object.keys(DESIGNS).map((design) => [design, 'words', 'prep -top top'] as const),
  ...['slices', 'steering', 'hierarchy', 'tristate'].map((design) => [design, 'gates', 'synth -top top'] as const),
];

describe('a drawing', () => {
  it.each(CASES)('of %s shows every cell once and every connection, at the level of %s', async (design, _, passes) => {
    const netlist = await prepared(design, passes);
    for (const [name, module] of Object.entries(netlist.modules)) {
      for (const options of [
        {},
        { labelFanOut: 0, labelControlFanOut: 0 },
        { labelFanOut: 1000, labelControlFanOut: 1000 },
      ]) {
        const graph = draw(netlist, name, options);
        const cells = graph.symbols.filter((symbol) => symbol.type !== undefined).map((symbol) => symbol.name);
        const wanted = Object.entries(module.cells).flatMap(([cell, { type }]) =>
          type === '$scopeinfo' ? [] : [cell],
        );
        expect(cells.toSorted()).toEqual(wanted.toSorted());
        const ports = graph.symbols.filter(({ shape }) => shape === 'input' || shape === 'output' || shape === 'inout');
        expect(ports.map((port) => port.name).toSorted()).toEqual(Object.keys(module.ports).toSorted());
        const read = expectSameReading(graph, module);
        const pins = graph.symbols.filter(({ shape }) => shape !== 'join').flatMap((symbol) => symbol.pins);
        expect(read).toBeGreaterThanOrEqual(
          pins.filter((pin) => pin.direction === 'input' && pin.bits.length > 0).length,
        );
      }
    }
  });
});

describe('what stands at a pin', () => {
  it('says which bits it takes, as they were declared', async () => {
    const graph = draw(await prepared('slices'), 'top', { labelFanOut: 1000 });
    const notes = new Set(
      graph.symbols.flatMap((symbol) => symbol.pins.flatMap(({ note }) => (note ? [note.text] : []))),
    );
    expect(notes).toContain('{8{•}}');
    expect(notes).toContain('{{8{[7]}}, [7:0]}');
    expect(notes).toContain('[4:5]');
    expect(notes).toContain('[11:8]');
  });

  it('is a label where many read the net, and a wire where few do', async () => {
    const netlist = await prepared('wide');
    const graph = draw(netlist);
    const clock = graph.nets.find((net) => net.fullName === 'clk')!;
    expect(clock).toMatchObject({ labelled: true, fanOut: 32 });
    expect(graph.edges.some((edge) => graph.nets[edge.net] === clock)).toBe(false);
    const few = draw(await prepared('counter'));
    expect(few.nets.find((net) => net.fullName === 'clk')).toMatchObject({ labelled: false, fanOut: 1 });
  });

  it('tells a bus of several drivers, and a net without any', async () => {
    const graph = draw(await prepared('tristate'));
    const states = new Map(graph.nets.map((net) => [net.fullName, net.state]));
    expect(states.get('nothing')).toBe('undriven');
    expect(states.get('bus')).toBe('shared');
    const driving = graph.symbols.filter((symbol) =>
      symbol.pins.some((pin) => pin.name === 'Y' && pin.note?.text === 'bus[3:0]'),
    );
    expect(driving).toHaveLength(2);
  });
});

describe('words and shapes', () => {
  it('names operators by what they do', async () => {
    const graph = draw(await prepared('cases'));
    const titles = graph.symbols.map((symbol) => symbol.title);
    expect(titles).toContain('8-bit adder');
    expect(titles).toContain('8-bit subtractor');
    expect(titles).toContain('8-bit multiplier');
    expect(titles).toContain('8-bit less-than comparator');
    expect(symbolOf(graph, '$pmux')).toMatchObject({ shape: 'mux', title: '6-way multiplexer, 8-bit, one-hot select' });
  });

  it('tells a register by its steering pins, at word and at gate level', async () => {
    const words = draw(await prepared('steering', 'prep -top top; opt_dff; opt_clean'));
    const titles = words.symbols.map((symbol) => symbol.title);
    expect(titles).toContain("4-bit register with enable, asynchronous reset to 4'h5");
    expect(titles).toContain("4-bit register with synchronous reset to 4'h0");
    expect(titles).toContain('4-bit register with enable');
    expect(titles).toContain('4-bit latch');
    const falling = words.symbols.find((symbol) => symbol.title.includes("synchronous reset to 4'h0"))!;
    expect(falling.pins.find((pin) => pin.clock)).toMatchObject({ name: 'CLK', bubble: true });
    const active = words.symbols.find((symbol) => symbol.type === '$adffe')!;
    expect(active.pins.find((pin) => pin.name === 'ARST')).toMatchObject({ label: 'RST', bubble: true });

    const gates = draw(await prepared('steering', 'synth -top top'));
    const reset = gates.symbols.find((symbol) => symbol.type === '$_DFFE_PN1P_')!;
    expect(reset.title).toBe('1-bit register with enable, asynchronous reset to 1');
    expect(reset.pins.find((pin) => pin.name === 'R')?.bubble).toBe(true);
    expect(reset.pins.find((pin) => pin.name === 'C')?.bubble).toBeUndefined();
  });

  it('unpacks the ports of a memory', async () => {
    const memory = symbolOf(draw(await prepared('memory')), '$mem_v2');
    expect(memory.title).toBe('memory of 16 words of 8 bits, 1 write port, 2 read ports');
    expect(memory.heading).toEqual(['words', '16 × 8']);
    expect(memory.pins.filter((pin) => pin.name.startsWith('RD_DATA')).map((pin) => pin.bits.length)).toEqual([8, 8]);
  });

  it('says where a cell comes from and which module an instance opens', async () => {
    const netlist = await prepared('hierarchy');
    const graph = draw(netlist);
    const whole = graph.symbols.find((symbol) => symbol.name === 'whole')!;
    expect(whole.heading).toEqual(['whole', 'stage']);
    expect(netlist.modules[whole.enters!]).toBeDefined();
    expect(whole.src[0]).toMatchObject({ file: 'top.v', line: 8 });
    expect(whole.pins.map((pin) => pin.name)).toEqual(['clk', 'reset', 'in', 'out', 'flag']);
  });
});

describe('what cannot be drawn', () => {
  it('is said: an unknown module, too many symbols', async () => {
    const netlist = await prepared('counter');
    expect(schematic({ netlist, module: 'bottom' })).toMatchObject({
      ok: false,
      problems: [{ code: 'no-such-module' }],
    });
    expect(schematic({ netlist, module: 'top', options: { maxSymbols: 4 } })).toMatchObject({
      ok: false,
      problems: [{ code: 'too-large' }],
    });
  });
});
