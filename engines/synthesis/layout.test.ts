import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { layout } from './layout.ts';
import { DESIGNS, netlistOf } from './schematic-designs.ts';
import { schematicSpec } from './schematic-spec.ts';
import type { PlacedSymbol, SchematicLayout } from './schematic-types.ts';

const job = inlineJob();

async function place(design: string): Promise<SchematicLayout> {
  const placed = await layout(schematicSpec(await netlistOf(design), 'top'), job);
  if (!placed.ok) throw new Error(placed.problems[0]!.what);
  return placed.value;
}

const pinPlace = (layout: SchematicLayout, [symbol, pin]: readonly [number, number]): [number, number] => {
  const owner = layout.symbols[symbol]!;
  return [owner.x + owner.pins[pin]!.x, owner.y + owner.pins[pin]!.y];
};

function apart(a: PlacedSymbol, b: PlacedSymbol): boolean {
  return a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
}

/** Whether a horizontal or vertical stretch passes through the inside of an outline. */
function crosses(symbol: PlacedSymbol, x1: number, y1: number, x2: number, y2: number): boolean {
  const left = symbol.x + symbol.body.x;
  const top = symbol.y + symbol.body.y;
  return (
    Math.max(x1, x2) > left &&
    Math.min(x1, x2) < left + symbol.body.w &&
    Math.max(y1, y2) > top &&
    Math.min(y1, y2) < top + symbol.body.h
  );
}

describe.each(Object.keys(DESIGNS))('the layout of %s', (design) => {
  it('has room for every symbol and leads every wire from pin to pin around them', async () => {
    const placed = await place(design);
    const { symbols, wires } = placed;
    for (let a = 0; a < symbols.length; a++) {
      for (let b = a + 1; b < symbols.length; b++) {
        expect(apart(symbols[a]!, symbols[b]!), `${symbols[a]!.name} and ${symbols[b]!.name}`).toBe(true);
      }
    }
    for (const symbol of symbols) {
      expect(symbol.x).toBeGreaterThanOrEqual(0);
      expect(symbol.x + symbol.w).toBeLessThanOrEqual(placed.width);
      expect(symbol.y + symbol.h).toBeLessThanOrEqual(placed.height);
    }
    for (const wire of wires) {
      const { points } = wire;
      expect([points[0], points[1]]).toEqual(pinPlace(placed, wire.from));
      expect([points.at(-2), points.at(-1)]).toEqual(pinPlace(placed, wire.to));
      for (let at = 0; at + 3 < points.length; at += 2) {
        const [x1, y1, x2, y2] = points.slice(at, at + 4) as [number, number, number, number];
        expect(x1 === x2 || y1 === y2).toBe(true);
        expect(symbols.filter((symbol) => crosses(symbol, x1, y1, x2, y2)).map((symbol) => symbol.name)).toEqual([]);
      }
    }
  });
});

describe('a layout', () => {
  it('is the same every time', async () => {
    expect(await place('cases')).toEqual(await place('cases'));
  });

  it('needs of other modules only their ports', async () => {
    const netlist = await netlistOf('hierarchy');
    const spec = schematicSpec(netlist, 'top');
    const inner = Object.keys(spec.netlist.modules).filter((name) => name !== 'top');
    expect(inner.length).toBeGreaterThan(0);
    for (const name of inner) expect(Object.keys(spec.netlist.modules[name]!.cells)).toEqual([]);
    expect(await layout(spec, job)).toEqual(await layout({ netlist, module: 'top' }, job));
  });

  it('reads from left to right: inputs first, outputs last, and the logic before the register that keeps it', async () => {
    const { symbols } = await place('counter');
    const x = (find: (symbol: PlacedSymbol) => boolean): number => symbols.find(find)!.x;
    const register = x((symbol) => symbol.shape === 'register');
    expect(x((symbol) => symbol.type === '$add')).toBeLessThan(register);
    expect(x((symbol) => symbol.name === 'clk')).toBeLessThan(register);
    expect(x((symbol) => symbol.name === 'count')).toBeGreaterThan(register);
  });

  it('stops when asked', async () => {
    const stop = new AbortController();
    stop.abort();
    const spec = schematicSpec(await netlistOf('adder'), 'top');
    await expect(layout(spec, { ...job, signal: stop.signal })).rejects.toBe(stop.signal.reason);
  });
});
