import type { CellsOfLine } from '../../../engines/rtl/types.ts';
import { formatBytes, formatNumber } from '../../ui/format.ts';
import type { TermInfo } from '../../ui/Term.tsx';
import { countsByName } from './readings/cell-types.ts';

const YOSYS = {
  title: 'Yosys manual: synth, the steps of synthesis',
  url: 'https://yosyshq.readthedocs.io/projects/yosys/en/latest/using_yosys/synthesis/synth.html',
};
const CELLS = {
  title: 'Yosys manual: the internal cell library',
  url: 'https://yosyshq.readthedocs.io/projects/yosys/en/latest/cell_index.html',
};
const STANDARD = { title: 'IEEE Std 1364-2005, Verilog', url: 'https://doi.org/10.1109/IEEESTD.2006.99495' };

/** Every word of this lab on the screen. */
export const texts = {
  designTitle: 'Design',
  benchTitle: 'Source and schematic',
  readingsTitle: 'Readings',
  bottomTitle: 'Problems and log',
  views: {
    split: 'Both',
    source: 'Source',
    schematic: 'Schematic',
    cells: 'Cells',
    simulation: 'Simulation',
    ppa: 'Timing and power',
  },

  run: 'Synthesise',
  stop: 'Stop',
  live: 'Live',
  liveAbout: 'Synthesise after each pause in typing',
  pin: 'Pin result',
  pinAgain: 'Pin this result',
  unpin: 'Remove pin',
  download: 'Download',

  files: {
    title: 'Files',
    add: 'Add',
    newFile: 'New file',
    upload: 'Upload files',
    uploadFolder: 'Upload a folder',
    openFolder: 'Open a folder on this computer',
    saveFolder: 'Write changes back to the folder',
    reloadFolder: 'Read the folder again',
    closeFolder: 'Disconnect from the folder',
    examples: 'Examples',
    zip: 'Download all as .zip',
    rename: 'Rename',
    remove: 'Delete',
    more: (path: string) => `Actions for ${path}`,
    newName: 'Name of the new file',
    renameName: (path: string) => `New name of ${path}`,
    top: 'top',
    drop: 'Drop Verilog files or a folder',
    folder: (name: string) => `Connected to the folder “${name}”`,
    unsaved: (count: number) =>
      count === 1 ? '1 file differs from the folder' : `${count} files differ from the folder`,
    written: (count: number, name: string) =>
      count === 0
        ? `The folder “${name}” holds these texts already; nothing was written.`
        : `${count === 1 ? '1 file was' : `${count} files were`} written to the folder “${name}”.`,
  },

  empty: {
    title: 'No source yet',
    text: 'Write a module, drop Verilog files or a folder here, or start from an example.',
  },
  noFile: { title: 'No file is open', text: 'Choose a file on the left.' },
  examples: {
    title: 'Examples',
    about: 'Each opens as a design of its own; the one on the screen stays.',
  },

  setup: {
    title: 'Synthesis',
    top: 'Top module',
    detected: (top: string | undefined) => (top ? `${top} (detected)` : 'Detected'),
    topMissing: (top: string) => `${top} (not found)`,
    flatten: 'Flatten hierarchy',
    fileList: 'Sources',
    allFiles: 'All Verilog files',
    parameters: 'Parameters',
    noParameters: 'The top module has no parameters.',
    waiting: 'Known once the sources have been read.',
    unknownParameter: 'The top module has no such parameter.',
    default: (value: string) => `default ${value}`,
    reset: (name: string) => `Back to the default of ${name}`,
    defines: 'Defines',
    addDefine: 'Add a define',
    noDefines: 'No macros are defined.',
    noIncludes: 'Headers are looked for beside the file that includes them.',
    defineName: 'Macro',
    defineValue: 'Value',
    removeDefine: (name: string) => `Remove ${name}`,
    includes: 'Include folders',
    addInclude: 'Add a folder',
    includeName: 'Include folder',
    removeInclude: (name: string) => `Remove ${name}`,
  },

  state: {
    running: 'Synthesising',
    checking: 'Checking',
    done: (seconds: string) => `Synthesised in ${seconds}`,
    failed: 'Not synthesised: see the problems',
    cancelled: 'Stopped',
    pending: { text: 'The text has changed', settings: 'The settings have changed' },
    waiting: 'Waiting for Yosys',
  },

  result: {
    gates: 'gates',
    word: 'word level',
    stale: { text: 'of an earlier text', settings: 'of earlier settings' },
    first: 'computed when the studio was built',
    none: 'Figures appear here after the first synthesis.',
    pinnedOther: 'The pinned result has no figures of this level yet.',
  },

  readings: {
    cell: 'cell',
    cells: 'cells',
    flipFlops: 'Flip-flops',
    latches: 'Latches',
    memories: 'Memories',
    memoryBits: 'Memory bits',
    wires: 'Wires',
    logicDepth: 'Logic depth',
    depthUnit: 'cells',
    bitUnit: 'bit',
  },

  types: {
    title: 'Cells by type',
    what: 'Cell',
    type: 'Yosys type',
    count: 'Cells',
    pinned: 'Pinned',
    change: 'Change',
    rest: (n: number) => `${n} more in Cells`,
    kinds: {
      logic: 'logic',
      arithmetic: 'arithmetic',
      select: 'selection',
      register: 'register',
      latch: 'latch',
      memory: 'memory',
      other: 'other',
    },
  },
  modules: {
    title: 'By module',
    module: 'Module',
    instances: 'Instances',
    each: 'Cells each',
    flipFlops: 'Flip-flops each',
    all: 'Cells',
  },
  lines: {
    title: 'By source line',
    place: 'Line',
    cells: 'Cells',
    flipFlops: 'Flip-flops',
    what: 'What',
    source: 'Text',
    unattributed: (count: number) =>
      `${formatNumber(count)} ${count === 1 ? 'cell has' : 'cells have'} no source line: Yosys made ${count === 1 ? 'it' : 'them'} while optimising.`,
    about: 'Cells that several lines share are counted once, for the first of them.',
  },
  latches: { title: 'Latches inferred', bits: (n: number) => `${formatNumber(n)} bit` },
  memories: {
    title: 'Memories',
    shape: (words: number | undefined, width: number | undefined, bits: number) =>
      words !== undefined && width !== undefined
        ? `${formatNumber(words)} × ${formatNumber(width)} bit`
        : `${formatNumber(bits)} bit`,
  },
  path: { title: 'Longest path' },
  assumptions: { title: 'Assumptions', source: { ours: 'ours', paper: 'paper', tool: 'Yosys' } },
  times: {
    title: 'Measured here',
    script: 'Yosys script',
    names: { wordLevel: 'Word level', gates: 'Gates', counting: 'Counting', all: 'In all' } as Record<string, string>,
  },

  cells: { title: 'Cells', by: 'Cells by', type: 'Type', module: 'Module', line: 'Line' },
  source: {
    title: 'Source',
    costs: 'cells',
    gutterAbout: 'Cells per source line; the same figures are in the table Cells by line.',
  },
  schematic: {
    title: 'Schematic',
    loading: 'Drawing the schematic',
    none: 'The schematic appears after the first synthesis.',
  },

  downloads: {
    verilog: 'Netlist as Verilog',
    json: 'Netlist as JSON (Yosys)',
    blif: 'Netlist as BLIF',
    svg: 'Schematic as SVG',
    native: 'Timing and gates for native tools (.zip)',
    saif: 'Switching activity (SAIF)',
    bundle: 'Bundle to run natively (.zip)',
    report: 'Report as JSON',
    csv: 'Cells by line as CSV',
    sources: 'Sources (.zip)',
  },

  problems: {
    title: 'Problems',
    none: 'No problems found.',
    notChecked: 'Not checked yet.',
    next: 'Next problem',
    errors: (n: number) => `${n} ${n === 1 ? 'error' : 'errors'}`,
    warnings: (n: number) => `${n} ${n === 1 ? 'warning' : 'warnings'}`,
  },
  log: { title: 'Log', none: 'The log of Yosys appears here during a run.' },

  editor: {
    closeTab: (path: string) => `Close ${path}`,
    large: (bytes: number) => `${formatBytes(bytes)}, kept beside the design and shown read-only.`,
    editAnyway: 'Edit anyway',
    missing: (name: string) => `The contents of ${name} are not in this browser. Drop the file here to supply them.`,
    loading: 'Reading the file',
    dirty: 'typed, not yet kept',
  },

  commands: {
    group: 'RTL',
    run: 'Synthesise now',
    stop: 'Stop the synthesis',
    next: 'Next problem',
    previous: 'Previous problem',
    live: 'Switch live synthesis',
    viewSplit: 'Show source and schematic',
    viewSource: 'Show the source',
    viewSchematic: 'Show the schematic',
    viewCells: 'Show the cells',
    viewSimulation: 'Show the simulation',
    viewPpa: 'Show timing and power',
    analyse: 'Analyse power, performance and area',
    prove: 'Prove the change',
    simulate: 'Simulate the test bench',
    download: (what: string) => `Download: ${what}`,
    examples: 'Open an example',
    newFile: 'New file',
    folder: 'Write changes back to the folder',
  },
  edits: {
    type: (path: string) => `Type in ${path}`,
    typeMany: (count: number) => `Type in ${count} files`,
    addFile: (path: string) => `Add ${path}`,
    addFiles: (count: number) => `Add ${count} files`,
    rename: (path: string) => `Rename ${path}`,
    remove: (path: string) => `Delete ${path}`,
    top: 'Choose top module',
    parameter: (name: string) => `Set ${name}`,
    resetParameter: (name: string) => `Reset ${name}`,
    define: (name: string) => `Define ${name}`,
    removeDefine: (name: string) => `Remove define ${name}`,
    includes: 'Change include folders',
    fileList: 'Choose file list',
    flatten: 'Flatten hierarchy',
    folder: (name: string) => `Read folder ${name}`,
  },
};

export const terms = {
  cells: {
    name: 'Cell',
    text: 'One gate, multiplexer or flip-flop of the netlist, taken from Yosys’ own generic library: no technology is chosen yet, so a cell has no area or delay.',
    source: CELLS,
  },
  wordLevel: {
    name: 'Word level',
    text: 'The netlist before it is broken into single bits: one adder for the whole word. It is there at once and is what the schematic draws.',
    source: YOSYS,
  },
  flipFlops: {
    name: 'Flip-flop',
    text: 'One bit that takes over its input at a clock edge. Counted bit by bit: a register of 8 bits is 8 flip-flops.',
    source: CELLS,
  },
  latches: {
    name: 'Latch',
    text: 'One bit that follows its input while it is enabled and holds it otherwise. Usually not meant: a combinational block that leaves an output unassigned on some path makes one.',
    source: STANDARD,
  },
  memories: {
    name: 'Memory',
    text: 'An array that Yosys recognised as a memory rather than as single registers.',
    source: {
      title: 'Yosys manual: memory handling',
      url: 'https://yosyshq.readthedocs.io/projects/yosys/en/latest/using_yosys/synthesis/memory.html',
    },
  },
  wires: {
    name: 'Wire',
    text: 'Named nets of the netlist as Yosys counts them; a bus of 8 bits is one.',
    source: YOSYS,
  },
  logicDepth: {
    name: 'Logic depth',
    text: 'Combinational cells on the longest path between registers, memories and ports. A first idea of speed: each cell counts one, whatever it is.',
    source: {
      title: 'Yosys manual: ltp, longest topological path',
      url: 'https://yosyshq.readthedocs.io/projects/yosys/en/latest/cmd/ltp.html',
    },
  },
  flatten: {
    name: 'Flatten',
    text: 'Dissolves the modules into one before optimising: logic can be shared across their borders, but the figures of single modules are lost and large designs take longer.',
    source: {
      title: 'Yosys manual: flatten',
      url: 'https://yosyshq.readthedocs.io/projects/yosys/en/latest/cmd/flatten.html',
    },
  },
  top: {
    name: 'Top module',
    text: 'The module that the chip is: synthesis starts there and keeps what it uses. Detected as the one module that no other instantiates.',
    source: {
      title: 'Yosys manual: hierarchy',
      url: 'https://yosyshq.readthedocs.io/projects/yosys/en/latest/cmd/hierarchy.html',
    },
  },
  fileList: {
    name: 'File list',
    text: 'A .f file names sources, one a line, and may hold +incdir+folder, +define+NAME=value and -f other.f, as simulators read it.',
  },
} satisfies Record<string, TermInfo>;

/** A count in the gutter: short, because the column is narrow; the tip has the exact number. */
export function gutterCount(cells: number): string {
  if (cells < 10_000) return String(cells);
  return cells < 1_000_000 ? `${Math.round(cells / 1000)}k` : `${(cells / 1e6).toFixed(1)}M`;
}

/** Types of a line's cells, largest first, as lines of text. */
export function gutterTip(cost: CellsOfLine): string {
  const types = countsByName(cost.byType);
  const head = `${formatNumber(cost.cells)} ${cost.cells === 1 ? 'cell' : 'cells'} from this line`;
  const lines = types.slice(0, 8).map(([name, count]) => `${formatNumber(count)}  ${name}`);
  if (types.length > 8) lines.push(`and ${types.length - 8} more kinds`);
  return [head, ...lines].join('\n');
}
