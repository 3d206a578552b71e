/** Runs Verilog given as text. */
import { createSimulation } from '../simulate.ts';
import type { Simulation } from './running.ts';
import type { SimOutcome, SimSpec } from './types.ts';

export interface Ran {
  text: string;
  outcome: SimOutcome;
  simulation: Simulation;
}

export function specOf(changes: Partial<SimSpec> = {}): SimSpec {
  return {
    files: ['t.sv'],
    tops: [],
    generation: '2012',
    defines: {},
    includeDirs: [],
    parameters: {},
    libraryDirs: [],
    librarySuffixes: [],
    separateUnits: false,
    delays: 'typ',
    specify: true,
    plusArgs: [],
    limits: { memoryBytes: 1e8, stepEvents: 20_000, outputChars: 1e6, waveBytes: 1e6 },
    backEnd: 'interpreted',
    record: false,
    ...changes,
  };
}

/** @throws with the first problem when the source does not compile. */
export function simulate(source: string, changes: Partial<SimSpec> = {}, others: Record<string, string> = {}): Ran {
  const bytes = new TextEncoder().encode(source);
  let text = '';
  const made = createSimulation(specOf(changes), {
    files: {
      read: (path) => (path === 't.sv' ? bytes : path in others ? new TextEncoder().encode(others[path]) : undefined),
      write: () => {},
    },
    print: (more) => {
      text += more;
    },
  });
  if (!made.ok) throw new Error(`line ${made.problems[0]!.where?.line}: ${made.problems[0]!.what}`);
  let outcome = made.value.run({ events: 1000 });
  while (outcome === 'more') outcome = made.value.run({ events: 1000 });
  return { text, outcome, simulation: made.value };
}

/** What a module with these items prints, by lines, with both back ends. */
export function lines(items: string, changes: Partial<SimSpec> = {}): string[] {
  const source = `module t;\n${items}\nendmodule\n`;
  const texts = (['interpreted', 'compiled'] as const).map((backEnd) => simulate(source, { ...changes, backEnd }).text);
  if (texts[0] !== texts[1]) throw new Error(`The back ends differ:\n${texts[0]}\nand\n${texts[1]}`);
  return texts[0]!.trimEnd().split('\n');
}
