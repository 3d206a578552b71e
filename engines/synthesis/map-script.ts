import type { Assumption } from '../core/report.ts';
import { adderMap, type MapCells, storageMap } from './map-library.ts';
import { elaborationLines, readingLines, type ScriptPlan } from './script.ts';

/** What the mapping strives for. */
export type MapGoal = 'area' | 'delay' | 'balanced';

export interface MapPlan {
  /** The design, its top worked out. */
  design: Omit<ScriptPlan, 'stage'>;
  goal: MapGoal;
  /** What `delay` and `balanced` aim at; none for `area`. */
  clockNs?: number;
  /** At outputs of what ABC sees. */
  outputLoadFf: number;
  clockGating: boolean;
  cells: MapCells;
  /** Name of the Liberty file in Yosys' file system. */
  libraryFile: string;
  /** The netlist before the mapping is not wanted: no cell is asked for its source line. */
  withoutPlaces?: boolean;
  /** Folder of the files that the script reads beside sources and library: "d07/". */
  folder?: string;
}

/** Files of a mapping: those that the script reads beside sources and library, and those that a native run writes. */
export const MAP_FILES = {
  constraints: 'crossbar.abc.constr',
  numbers: 'crossbar.numbers.il',
  storage: 'crossbar.storage.v',
  adders: 'crossbar.adders.v',
  before: 'crossbar.before.json',
  area: 'crossbar.area.json',
  netlist: 'crossbar.netlist.json',
} as const;

/**
 * What ABC does, by goal. Chosen by trial on twelve examples of the gallery under the studio's cells and OSU 0.18 um. Geometric means of
 * area and of the longest delay of logic, against `balanced`, under the studio's cells: area 0.94 and 1.08, delay 1.17 and 0.76.
 *
 * - area: `amap` recovers area over choices (`dch`); drive strengths are only lowered.
 * - balanced: `&nf`, then drive strengths as the clock needs them.
 * - delay: `if -g` restructures for depth, `map` aims at the least delay, then drive strengths as the clock needs them.
 *
 * `buffer -c` divides nets whose load is past what their driver may carry.
 */
export const ABC_MAP_SCRIPTS: Record<MapGoal, readonly string[]> = {
  area: ['strash', 'ifraig', 'dc2', 'dc2', 'strash', 'dch -f', 'amap -m', 'topo', 'buffer -c', 'dnsize', 'stime -p'],
  balanced: [
    ...['strash', 'ifraig', 'dc2', 'strash', '&get -n', '&dch -f', '&nf', '&put', 'topo', 'buffer -c', 'topo'],
    ...['upsize {D}', 'dnsize {D}', 'stime -p'],
  ],
  delay: [
    ...['strash', 'ifraig', 'dc2', 'strash', 'if -g', 'strash', 'if -g', 'strash', 'dch -f', 'map -B 0.9 -D 1'],
    ...['topo', 'buffer -c', 'topo', 'upsize {D}', 'dnsize {D}', 'stime -p'],
  ],
};

/** Registers that share an enable get a gated clock from this number on. */
export const CLOCK_GATE_LEAST = 4;

/**
 * Goals for which full adders are looked for in the logic (`extract_fa`): none. On the arithmetic examples under the studio's cells they cost 0 to 18 % of
 * area with script area; with balanced they save 5 % of the filter's area and 13 % of its power for 10 % of delay, and cost the
 * arithmetic unit 28 % of delay, the divider 11 % of area; with delay they cost 40 % of the filter's delay. ABC does better with plain gates,
 * because it shares logic between sums and their surroundings.
 */
const ADDER_GOALS: readonly MapGoal[] = [];

/** ABC's script as Yosys takes it on its command line. */
export function abcArgument(goal: MapGoal): string {
  return `+${ABC_MAP_SCRIPTS[goal].join(';').replaceAll(' ', ',')}`;
}

/**
 * The Yosys script that maps a design to cells of a library, as a native Yosys runs it (`toStandardOutput` for here), and the texts of
 * the files that it reads beside the sources and the library. It writes three documents: the netlist of gates with their source places
 * before they are mapped (unless `withoutPlaces`), what `stat` says of the area, and the mapped netlist.
 */
export function buildMapScript(plan: MapPlan): { script: string; files: Record<string, string> } {
  const { cells, goal, libraryFile, folder = '' } = plan;
  const files: Record<string, string> = {
    [MAP_FILES.constraints]: `${cells.driver === undefined ? '' : `set_driving_cell ${cells.driver}\n`}set_load ${plan.outputLoadFf}\n`,
  };
  files[MAP_FILES.numbers] = 'autoidx 1000000\n';
  const [head = '', ...reading] = readingLines(plan.design);
  const lines = [
    head,
    '',
    '# Numbers in made-up names: all of one length, so that they sort alike whatever ran before',
    `read_rtlil ${folder}${MAP_FILES.numbers}`,
    ...reading,
    ...elaborationLines(plan.design),
  ];

  lines.push('', '# Three-state drivers; what only simulates and checks is left out');
  lines.push('proc', 'tribuf -logic', 'chformal -remove', 'logger -nowarn Selection.*did.not.match', 'delete t:$print');
  lines.push('', '# Gates, still with their source places', `synth -noabc${plan.design.flatten ? ' -flatten' : ''}`);
  if (!plan.withoutPlaces) lines.push(`write_json ${MAP_FILES.before}`);

  lines.push('', '# Registers, latches, three-state drivers');
  if (plan.clockGating && cells.clockGates.length > 0) {
    const forbidden = cells.forbiddenClockGates.map((name) => ` -dont_use ${name}`).join('');
    lines.push(`clockgate -liberty ${libraryFile}${forbidden} -min_net_size ${CLOCK_GATE_LEAST}`);
  }
  const legal = [...cells.flipFlops, ...cells.latches.map(({ type }) => type)];
  if (legal.length > 0) lines.push(`dfflegalize ${legal.map((type) => `-cell ${type} 01`).join(' ')}`);
  // So that reports name a register by what it holds.
  lines.push('rename -wire t:$_*DFF* t:$_*DLATCH*');
  if (cells.flipFlops.length > 0) lines.push(`dfflibmap -liberty ${libraryFile}`);
  const storage = storageMap(cells);
  if (storage !== undefined) {
    files[MAP_FILES.storage] = storage;
    lines.push(`techmap -map ${folder}${MAP_FILES.storage}`);
  }
  const adders = ADDER_GOALS.includes(goal) ? adderMap(cells) : undefined;
  if (adders !== undefined) {
    files[MAP_FILES.adders] = adders;
    lines.push('', '# Full adders', 'extract_fa -fa', `techmap -map ${folder}${MAP_FILES.adders}`);
  }
  lines.push('opt');

  lines.push('', '# Logic');
  const aim = plan.clockNs === undefined ? '' : ` -D ${Math.max(1, Math.round(plan.clockNs * 1000))}`;
  lines.push(
    `abc -liberty ${libraryFile} -constr ${folder}${MAP_FILES.constraints}${aim} -script ${abcArgument(goal)}`,
  );
  lines.push('', '# Constants: bits that are unknown become 0', 'setundef -zero');
  const ties = [
    ...(cells.tieHigh ? [`-hicell ${cells.tieHigh.cell} ${cells.tieHigh.pins.out}`] : []),
    ...(cells.tieLow ? [`-locell ${cells.tieLow.cell} ${cells.tieLow.pins.out}`] : []),
  ];
  if (ties.length > 0) lines.push(`hilomap ${ties.join(' ')}`);
  lines.push('opt_clean');
  lines.push(`tee -q -o ${MAP_FILES.area} stat -liberty ${libraryFile} -json`, `write_json ${MAP_FILES.netlist}`);
  return { script: `${lines.join('\n')}\n`, files };
}

/** The rules of the mapping. */
export function mapAssumptions(plan: Pick<MapPlan, 'goal' | 'clockGating' | 'cells' | 'outputLoadFf'>): Assumption[] {
  const { goal, cells } = plan;
  return [
    {
      id: 'mapping',
      what: `Gates are mapped by ABC with the script '${goal}'. It sees logic between registers and ports only, and takes the clock period for its time.`,
      value: ABC_MAP_SCRIPTS[goal].join('; '),
      reason:
        'Chosen by trial on the gallery: of the scripts that were tried none was better in both area and delay. A commercial mapper finds other gates.',
      source: 'ours',
    },
    {
      id: 'mapping-surroundings',
      what: 'For ABC each input of a piece of logic is driven by the smallest inverter, and each output bears the load of an output.',
      value: `${cells.driver ?? 'no cell'}, ${plan.outputLoadFf} fF`,
      reason: 'ABC takes one driver and one load for all. Timing afterwards uses the constraints.',
      source: 'ours',
    },
    {
      id: 'initial-values',
      what: 'Initial values of registers are not kept: cells of a library start with any value.',
      reason: 'Only a reset gives a register of silicon its value.',
      source: 'tool',
    },
    {
      id: 'unknown-constants',
      what: 'Bits that the design leaves unknown (x) are 0 in the netlist.',
      reason: 'Any value fits the design; one must be chosen.',
      source: 'ours',
    },
    ...(plan.clockGating
      ? [
          {
            id: 'clock-gating',
            what:
              cells.clockGates.length > 0
                ? 'Registers that share a clock and an enable get a gated clock.'
                : 'Clock gating was asked for, and the library has no cell for it: enables are multiplexers.',
            value: `from ${CLOCK_GATE_LEAST} registers on`,
            reason: 'A gate for fewer costs more than the multiplexers it saves.',
            source: 'ours' as const,
          },
        ]
      : []),
  ];
}
