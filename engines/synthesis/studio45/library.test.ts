import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpr, parseFunction } from '../liberty/expression.ts';
import { parseLiberty } from '../liberty/read.ts';
import type { BoolExpr, Table } from '../liberty/types.ts';
import { COMBINATIONAL } from './cells.ts';
import { type CharacterisedCell, characterise } from './characterise.ts';
import { Circuit, type Values } from './circuit.ts';
import { cornerOf } from './corners.ts';
import { deviceAt } from './device.ts';
import { STUDIO45_ASSUMPTIONS, STUDIO45_CORNERS, STUDIO45_DESCRIPTION, studio45, studio45Liberty } from './index.ts';
import { assignments, type Grid } from './measure.ts';
import { STORAGE } from './storage-cells.ts';

const SPECS = [...COMBINATIONAL, ...STORAGE];
const [typical, slow, fast] = STUDIO45_CORNERS.map((corner) => {
  const device = deviceAt(corner);
  return new Map(SPECS.map((spec) => [spec.name, characterise(spec, device)]));
}) as [Map<string, CharacterisedCell>, Map<string, CharacterisedCell>, Map<string, CharacterisedCell>];

const expressionOf = (text: string): BoolExpr => {
  const read = parseFunction(text);
  if (!read.ok) throw new Error(text);
  return read.value;
};
const delays = (cell: CharacterisedCell): { name: string; grid: Grid }[] =>
  cell.pins.flatMap((pin) =>
    pin.arcs.flatMap((arc) =>
      (['cellRise', 'cellFall', 'riseTransition', 'fallTransition'] as const).flatMap((key) => {
        const grid = arc[key];
        return grid ? [{ name: `${cell.spec.name}/${pin.name} ${arc.relatedPin} ${arc.type} ${key}`, grid }] : [];
      }),
    ),
  );
const cellOf = (name: string) => typical.get(name) as CharacterisedCell;

describe('the cells', () => {
  it.each(COMBINATIONAL.map((spec) => [spec.name, spec] as const))('%s computes its function', (_, spec) => {
    const circuit = new Circuit(spec.inputs, spec.stages);
    for (const pins of assignments(spec.inputs)) {
      const state = circuit.settle([pins]);
      for (const [pin, text] of Object.entries(spec.outputs)) {
        if (spec.threeState && pins[spec.threeState.enable] === 0) continue;
        expect(state[pin], JSON.stringify(pins)).toBe(evaluateExpr(expressionOf(text), (name) => pins[name] ?? 0));
      }
    }
  });

  it.each(STORAGE.map((spec) => [spec.name, spec] as const))('%s keeps what its group says', (_, spec) => {
    const { sequential } = spec;
    if (!sequential) throw new Error(spec.name);
    const group = new Map(sequential.group);
    const circuit = new Circuit(spec.inputs, spec.stages);
    const when = (name: string, values: Values) => {
      const text = group.get(name);
      return text !== undefined && evaluateExpr(expressionOf(text), (pin) => values[pin] ?? 0) === 1;
    };
    const step = fc.array(fc.tuple(fc.nat(spec.inputs.length - 1), fc.constantFrom(0 as const, 1 as const)), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(step, (changes) => {
        // Known to both: a 0 goes in with a clock pulse, asynchronous pins at rest, the enable of flip-flops at 1.
        const { clock, data } = sequential;
        let pins: Values = {
          ...Object.fromEntries(spec.inputs.map((pin) => [pin, 1])),
          [data[0] ?? '']: 0,
          [clock]: 0,
        };
        let state = circuit.settle([pins, { [clock]: 1 }, { [clock]: 0 }]);
        let stored: 0 | 1 = 0;
        for (const [at, value] of changes) {
          const before: Values = { ...pins, IQ: stored };
          pins = { ...pins, [spec.inputs[at] ?? '']: value };
          state = circuit.settle([{ [spec.inputs[at] ?? '']: value }], state);
          const after: Values = { ...pins, IQ: stored };
          if (sequential.kind === 'ff') {
            const edge = !when('clocked_on', before) && when('clocked_on', after);
            if (edge) stored = when('next_state', after) ? 1 : 0;
          } else if (when('enable', after)) stored = when('data_in', after) ? 1 : 0;
          // Of both, the clear wins.
          if (when('clear', after)) stored = 0;
          else if (when('preset', after)) stored = 1;
          for (const [pin, text] of Object.entries(spec.outputs)) {
            const expected = evaluateExpr(expressionOf(text), (name) => (name === 'IQ' ? stored : (pins[name] ?? 0)));
            expect(state[pin], JSON.stringify(pins)).toBe(expected);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('have delays and slews that grow with load and with slew, and are slower at the slow corner and faster at the fast', () => {
    const wrong: string[] = [];
    for (const spec of SPECS) {
      const [at, below, above] = [typical, slow, fast].map((corner) =>
        delays(corner.get(spec.name) as CharacterisedCell),
      );
      for (const [number, { name, grid }] of (at ?? []).entries()) {
        // Until the output floats no load takes part.
        const loaded = !name.includes('disable');
        for (const [r, row] of grid.entries()) {
          for (const [c, value] of row.entries()) {
            const grows = value > (grid[r - 1]?.[c] ?? 0) && (!loaded || value > (row[c - 1] ?? 0));
            // What a slow input feeds through to the output's slew is the same at every corner.
            const fed = name.includes('Transition') && r > 4;
            const slower = fed || (below?.[number]?.grid[r]?.[c] ?? 0) > value;
            const faster = fed || (above?.[number]?.grid[r]?.[c] ?? 0) < value;
            if (!grows || !slower || !faster) wrong.push(`${name} [${r}][${c}]`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('drive the same load faster when they are larger', () => {
    const families = new Map<string, string[]>();
    for (const { name } of COMBINATIONAL) {
      const family = name.replace(/_X\d$/, '');
      families.set(family, [...(families.get(family) ?? []), name]);
    }
    const device = deviceAt(cornerOf('typical'));
    /** The slowest edge that any input causes from any state. */
    const delay = (name: string, loadFf: number) => {
      const { spec } = cellOf(name);
      const circuit = new Circuit(spec.inputs, spec.stages);
      const outputs = Object.keys(spec.outputs);
      const moves = assignments(spec.inputs).flatMap((pins) =>
        spec.inputs.flatMap((input) => circuit.edge(circuit.settle([pins]), input, 20, device, outputs, loadFf)),
      );
      return Math.max(...moves.filter((move) => outputs.includes(move.node)).map((move) => move.atPs));
    };
    for (const names of families.values()) {
      for (const [at, name] of names.entries()) {
        if (at === 0) continue;
        expect(delay(name, 60), name).toBeLessThan(delay(names[at - 1] ?? '', 60));
        expect(cellOf(name).areaUm2).toBeGreaterThan(cellOf(names[at - 1] ?? '').areaUm2);
      }
    }
  });

  it('leak in every state, and are as large and as fast as their class', () => {
    for (const corner of [typical, slow, fast]) {
      for (const cell of corner.values()) {
        expect(cell.leakageNw).toBeGreaterThan(0);
        for (const { nw, when } of cell.leakages) expect(nw, `${cell.spec.name} ${when}`).toBeGreaterThan(0);
      }
    }
    for (const cell of typical.values()) expect(cell.leakageNw).toBeLessThan(60);
    expect(cellOf('INV_X1').areaUm2).toBeCloseTo(0.6, 9);
    expect(cellOf('DFF_X1').areaUm2).toBeCloseTo(4.2, 9);
    const clockToQ = cellOf('DFF_X1').pins.find((pin) => pin.name === 'Q')?.arcs[0]?.cellRise;
    expect(clockToQ?.[2]?.[3]).toBeGreaterThan(50);
    expect(clockToQ?.[2]?.[3]).toBeLessThan(100);
    // One finger of each per size.
    for (const size of [1, 2, 4, 8]) expect(cellOf(`INV_X${size}`).pins[0]?.capacitanceFf).toBeCloseTo(size + 0.1, 9);
  });

  it('have energies, of the clock of every flip-flop too', () => {
    for (const cell of typical.values()) {
      for (const pin of cell.pins) {
        for (const { rise, fall } of pin.energies) {
          expect(Math.min(...rise.flat(), ...fall.flat()), `${cell.spec.name}/${pin.name}`).toBeGreaterThanOrEqual(0);
        }
      }
      const clock = cell.pins.find((pin) => pin.name === cell.spec.sequential?.clock);
      if (clock) expect(clock.energies[0]?.rise[0]?.[0]).toBeGreaterThan(0);
    }
  });

  it('need data before the clock and a while around it', () => {
    const wrong: string[] = [];
    for (const cell of typical.values()) {
      for (const pin of cell.pins) {
        for (const [kind, opposite] of [
          ['setup', 'hold'],
          ['recovery', 'removal'],
        ] as const) {
          const first = pin.arcs.find((arc) => arc.type.startsWith(kind));
          const second = pin.arcs.find((arc) => arc.type.startsWith(opposite));
          expect(first === undefined).toBe(second === undefined);
          for (const key of ['riseConstraint', 'fallConstraint'] as const) {
            const grid = first?.[key] ?? [];
            for (const [r, row] of grid.entries()) {
              for (const [c, value] of row.entries()) {
                const opens = value + (second?.[key]?.[r]?.[c] ?? 0) > 0;
                // Slower data needs longer; a slower clock gives it longer.
                const grows = c === 0 || value > (row[c - 1] ?? 0);
                const falls = r === 0 || value <= (grid[r - 1]?.[c] ?? 0);
                if (!opens || !grows || !falls) wrong.push(`${cell.spec.name}/${pin.name} ${kind} [${r}][${c}]`);
              }
            }
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('the Liberty text', () => {
  it('is read back by the studio without a finding, with the same figures', () => {
    for (const corner of STUDIO45_CORNERS) {
      const read = parseLiberty(studio45Liberty(corner.id));
      expect(read).toMatchObject({ ok: true, value: { problems: [] } });
    }
    const library = studio45('typical');
    expect(library).toMatchObject({ name: 'studio45_typical', conditions: { voltageV: 1.1, temperatureC: 25 } });
    for (const [name, { areaUm2, leakageNw, pins }] of typical) {
      const cell = library.cells.get(name);
      expect(cell?.areaUm2).toBeCloseTo(areaUm2, 6);
      expect(cell?.leakageNw).toBeCloseTo(leakageNw, 5);
      expect(cell?.unread).toEqual([]);
      for (const pin of pins) {
        const read = cell?.pins.find((it) => it.name === pin.name);
        expect(read?.arcs.map((arc) => arc.type)).toEqual(pin.arcs.map((arc) => arc.type));
        expect(read?.power).toHaveLength(pin.energies.length);
        for (const [at, arc] of pin.arcs.entries()) {
          for (const key of ['cellRise', 'fallTransition', 'riseConstraint'] as const)
            sameGrid(read?.arcs[at]?.[key], arc[key]);
        }
      }
    }
  });

  it('has no number that is not one', () => {
    for (const { id } of STUDIO45_CORNERS) expect(studio45Liberty(id)).not.toMatch(/NaN|Infinity|undefined|\de[-+]?\d/);
  });

  it('states its assumptions, and how many cells it has', () => {
    expect(STUDIO45_DESCRIPTION).toContain(`${SPECS.length} standard cells`);
    expect(STUDIO45_ASSUMPTIONS.length).toBeGreaterThan(10);
    expect(new Set(STUDIO45_ASSUMPTIONS.map((it) => it.id)).size).toBe(STUDIO45_ASSUMPTIONS.length);
  });

  it.skipIf(!installed('sta', ['-version']))('is read by OpenSTA without a warning', () => {
    const output = inFolder((folder) => {
      const files = STUDIO45_CORNERS.map(({ id }) => {
        writeFileSync(join(folder, `${id}.lib`), studio45Liberty(id));
        return `read_liberty ${join(folder, `${id}.lib`)}`;
      });
      writeFileSync(join(folder, 'run.tcl'), `${files.join('\n')}\nputs done\n`);
      return run('sta', ['-exit', join(folder, 'run.tcl')]);
    });
    expect(output).toContain('done');
    expect(output).not.toMatch(/warning|error/i);
  });

  it.skipIf(!installed('yosys', ['-V']))('is read by Yosys without a warning', () => {
    const output = inFolder((folder) => {
      writeFileSync(join(folder, 'cells.lib'), studio45Liberty('slow'));
      return run('yosys', ['-p', 'read_liberty cells.lib'], folder);
    });
    expect(output).toContain(`Imported ${SPECS.length} cell types`);
    expect(output).not.toMatch(/warning/i);
  });
});

/** Against a table in ns. */
function sameGrid(table: Table | undefined, grid: Grid | undefined): void {
  expect(table === undefined).toBe(grid === undefined);
  const off = (grid ?? []).flat().map((ps, at) => Math.abs((table?.values[at] ?? Number.NaN) - ps / 1000));
  expect(Math.max(0, ...off)).toBeLessThan(1e-6);
}

function installed(tool: string, args: string[]): boolean {
  return spawnSync(tool, args).error === undefined;
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'studio45-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(tool: string, args: string[], cwd?: string): string {
  return execFileSync(tool, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
}
