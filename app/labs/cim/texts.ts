import type { CimSlice, CostRules, PlanId } from '../../../engines/cim/types.ts';
import { formatNumber } from '../../ui/format.ts';
import type { TermInfo } from '../../ui/Term.tsx';

const PAPER = { title: 'CMSwitch (ASPLOS 2025, arXiv 2502.17006)', url: 'https://arxiv.org/abs/2502.17006' };
const MLC = { title: 'CIM-MLC (ASPLOS 2024, arXiv 2401.12428)', url: 'https://arxiv.org/abs/2401.12428' };

const count = (n: number, one: string, many = `${one}s`) => `${formatNumber(n)} ${n === 1 ? one : many}`;

/** Every word of this lab on the screen, besides those of its views. */
export const texts = {
  designTitle: 'Network and chip',
  benchTitle: 'Views',
  readingsTitle: 'Readings',
  bottomTitle: 'Problems and log',
  loading: 'Loading the view',
  run: 'Compile',
  stop: 'Stop',
  live: 'Live',
  liveAbout: 'Compile after each change, where that is quick',
  notLive: 'A mixed-integer program takes seconds: press Compile',
  plan: 'Plan that the views show',
  beside: 'Another view beside this one',
  besideNone: 'Beside: nothing',
  besideView: (name: string) => `Beside: ${name}`,
  pin: 'Pin result',
  pinAgain: 'Pin this result',
  unpin: 'Remove pin',
  download: 'Download',

  views: {
    segments: 'Segments',
    chip: 'Chip',
    roofline: 'Roofline',
    timeline: 'Time line',
    compare: 'Compare',
    sensitivity: 'Sensitivity',
    sweeps: 'Sweeps',
    program: 'Program',
    proof: 'Solvers',
  },

  model: {
    title: 'Network',
    choose: 'Choose a network',
    open: 'Open a file',
    openAbout: 'An ONNX model; or drop it anywhere here',
    reading: 'Reading the network',
    size: (operators: string, weights: string, macs: string) => `${operators} products, ${weights} weights, ${macs}`,
    batch: 'Batch',
    phase: 'Phase',
    phases: { prefill: 'Prefill', decode: 'Decode' } satisfies Record<CimSlice['phase'], string>,
    sequence: 'Tokens',
    blocks: 'Equal blocks',
    blockKinds: {
      folded: 'Compiled once, counted each',
      one: 'One block only',
      unrolled: 'All, cuts anywhere',
    } satisfies Record<CimSlice['blocks'], string>,
    symbol: (name: string) => `Size of ${name}`,
    missing: 'The file leaves this size open.',
  },
  gallery: {
    title: 'Networks',
    models: 'Networks',
    examples: 'Examples',
    examplesAbout: 'An example opens as a design of its own; this one stays as it is.',
  },
  files: {
    drop: 'Drop an ONNX model',
    unknownKind: (name: string) => `The file ${name} is no network that this lab reads.`,
    kinds: 'It takes ONNX models (.onnx).',
  },

  chip: {
    title: 'Chip',
    unknown: (name: string) => `${name} (not known)`,
    changed: (n: number) => `${n} changed`,
    resetAll: 'Reset all',
    reset: (name: string) => `Back to the preset: ${name}`,
    preset: (value: string) => `preset ${value}`,
    sources: { paper: 'paper', ours: 'assumed', tool: 'tool' },
    groups: {
      sensitive: 'What matters most',
      size: 'Size and precision',
      time: 'Bandwidth and time',
      energy: 'Energy and area',
    },
  },

  method: {
    title: 'Compiler',
    byHand: (n: number) => `Cut by hand: ${count(n + 1, 'segment')}`,
    letCompiler: 'Let the compiler cut',
    segmentation: 'Segments',
    segmentations: { improved: 'Improved', published: 'As published' } satisfies Record<
      CimSlice['segmentation'],
      string
    >,
    improvements: {
      reload: 'Reload in the objective',
      pareto: 'Several plans a prefix',
      batch: 'Plan for the batch',
      orders: 'Other orders',
    },
    solver: 'Solver',
    solvers: {
      exact: 'Exact search',
      'mip-counts': 'MIP over counts (HiGHS)',
      mip: 'MIP as published (HiGHS)',
    } satisfies Record<CimSlice['solver'], string>,
    mipSeconds: 'Limit of one MIP',
    mipNote: 'Past it the best found so far stands, marked as not proven optimal.',
    baselines: 'Other methods too',
  },

  rules: {
    title: 'How costs are counted',
    about: 'The same rules hold for every method of a run, so that only the plan differs.',
    isStudy: 'The simpler rules with which the unpublished constants were chosen; in places they are too kind.',
    names: {
      reload: 'Reload',
      writeBack: 'Write-back',
      depthwise: 'Depthwise',
      attention: 'Attention',
      sharing: 'Shared buffers',
      inPlace: 'Switch operands in place',
      dynamicInSegment: 'Operand in its segment',
    } satisfies Record<keyof CostRules, string>,
    values: {
      reload: { largest: 'Largest operator (Eq. 2)', bytes: 'At least all bytes' },
      writeBack: { kept: 'All but what stays', held: 'All but what was held' },
      depthwise: { packed: 'Packed groups', 'as-dense': 'Fed as dense' },
      attention: { 'per-head': 'Arrays for each head', 'one-head': 'Heads take turns' },
    },
    toDefault: 'Back to the default rules',
    toStudy: 'Rules of the study',
    studyAbout: 'The simpler rules with which the unpublished constants were chosen',
  },

  state: {
    running: 'Compiling',
    failed: 'Does not compile',
    cancelled: 'Stopped',
    pending: 'Changed since the last run',
    done: (time: string) => `Compiled in ${time}`,
  },
  noResult: {
    none: 'Nothing is compiled yet',
    text: 'Press Compile, or switch Live on.',
    running: 'Compiling',
    failed: 'This design does not compile',
  },
  problems: {
    title: 'Problems',
    none: 'No problems',
    errors: (n: number) => count(n, 'error'),
    warnings: (n: number) => count(n, 'warning'),
  },
  log: { title: 'Log', none: 'Nothing was logged.' },

  readings: {
    none: 'Figures appear here after the first compilation.',
    failedTitle: 'No figures',
    failed: 'The design does not compile; see the problems below.',
    stale: 'of an earlier design',
    first: 'computed when the studio was built',
    folded: 'equal blocks folded',
    notOptimal:
      'Not every segment is proven to be as fast as it can be: a program ran out of time, or the plan gives that time up for something else.',
    figures: {
      cycles: 'Cycles',
      latencyNs: 'Latency',
      energyPj: 'Energy',
      areaMm2: 'Area',
      segments: 'Segments',
      switches: 'Arrays switched',
      memoryArraySharePercent: 'Memory share',
      computeSharePercent: 'Compute share',
      reloadSharePercent: 'Reload share',
      writeBackSharePercent: 'Write-back share',
      switchSharePercent: 'Switch share',
      operators: 'Products',
      macs: 'MACs',
    },
    speedups: { computeOnly: 'Over compute only', cimMlc: 'Over CIM-MLC-like' },
    methods: 'Methods on this chip',
    method: 'Method',
    cycles: 'Cycles',
    speedup: 'Slower by',
    times: (ratio: number) => `${ratio.toFixed(ratio < 10 ? 3 : 1)}×`,
    methodsAbout: 'Same network, chip and rules; re-implementations, not by the authors.',
    timeTitle: 'Where the time goes',
    time: {
      computeCycles: 'Compute',
      reloadCycles: 'Reload',
      writeBackCycles: 'Write-back',
      switchCycles: 'Switch',
    },
    energyTitle: 'Where the energy goes',
    energy: {
      computePj: 'Products',
      memoryArrayPj: 'Memory arrays',
      mainPj: 'Buffers and main',
      reloadPj: 'Reload',
      writeBackPj: 'Write-back',
      switchPj: 'Switches',
      staticPj: 'Static',
    },
  },
  assumptions: {
    title: 'Assumptions',
    source: { ours: 'ours', paper: 'paper', tool: 'tool' },
  },
  times: { title: 'Times, measured here' },
  downloads: {
    report: 'Report (JSON)',
    figures: 'Figures of all plans (CSV)',
    segments: 'Segments and arrays (CSV)',
  },

  commands: {
    group: 'CIM',
    run: 'Compile now',
    stop: 'Stop compiling',
    uncut: 'Let the compiler cut',
    live: 'Switch live compilation',
    view: (name: string) => `Show: ${name}`,
    gallery: 'Choose a network or an example',
    open: 'Open a network from a file',
    download: (what: string) => `Download: ${what}`,
  },
  edits: {
    model: (name: string) => `Choose ${name}`,
    openModel: (name: string) => `Open ${name}`,
    chip: 'Choose the chip',
    resetChip: 'Reset the chip',
    constant: (name: string) => `Set ${name}`,
    parameter: (name: string) => `Set ${name}`,
    rules: 'Choose the rules',
    cuts: 'Cut by hand',
    noCuts: 'Let the compiler cut',
  },
};

export const terms = {
  batch: {
    name: 'Batch',
    text: 'Samples that pass through a segment together. Its weights are loaded once for all of them.',
  },
  phase: {
    name: 'Prefill and decode',
    text: 'Prefill: all tokens of the prompt at once. Decode: one new token, with the keys and values of those before it.',
  },
  sequence: { name: 'Tokens', text: 'Prefill: tokens of the prompt. Decode: tokens before the new one.' },
  blocks: {
    name: 'Equal blocks',
    text: 'A transformer is one block many times over. Folded: it is compiled once, with cuts at its borders, and counts as often as it is there.',
  },
  segmentation: {
    name: 'Segments',
    text: 'Operators that are resident at once and run as a pipeline. Segments run one after another; between two, weights are loaded anew and arrays change their mode.',
    source: PAPER,
  },
  reload: {
    name: 'Reload',
    text: 'Eq. 2 counts the arrays of the largest operator, written one after another, all operators at once. ‘At least all bytes’ also asks for the weights’ way over the external bandwidth.',
    source: PAPER,
  },
  pareto: {
    name: 'Several plans a prefix',
    text: 'What comes next depends on the plan before it. The published recurrence keeps one plan for each prefix; this keeps all that could still win.',
  },
  orders: {
    name: 'Other orders',
    text: 'A branching network can run in other orders than the file’s. A beam search tries them.',
  },
  solver: {
    name: 'Solver',
    text: 'How many arrays of each mode every operator of a segment gets. The exact search uses that a segment’s needs only grow as its time shrinks; the two mixed-integer programs prove the same.',
  },
  baselines: { name: 'Other methods', text: 'Run on the same network, chip and rules, so that only the plan differs.' },
  writeBack: {
    name: 'Write-back',
    text: 'Results that a later segment reads go to external memory, except what stays in memory arrays. ‘What stays’: in arrays that are memory in both segments. ‘What was held’: all that the first segment’s memory arrays could hold.',
  },
  depthwise: {
    name: 'Depthwise convolution',
    text: 'Packed: groups lie block-diagonally in an array, and each is fed its own input. Fed as dense: as if each input byte served all channels, which is too kind.',
  },
  attention: {
    name: 'Attention',
    text: 'Keys and values are written into compute arrays. Each head has arrays of its own, or heads take turns on those of one.',
  },
  sharing: {
    name: 'Shared buffers',
    text: 'An array can be the output buffer of one operator and the input buffer of the next.',
    source: PAPER,
  },
  inPlace: {
    name: 'Switch operands in place',
    text: 'Keys that lie in memory arrays become weights when those arrays switch to compute: no reload of their first copy.',
    source: PAPER,
  },
  dynamicInSegment: {
    name: 'Operand in its segment',
    text: 'Whether a product of two computed tensors may stand in the segment that computes its operand. It needs the whole operand first, so by default it may not.',
  },
  speedup: {
    name: 'Speed-up',
    text: 'Cycles of the other method over cycles of this plan. It rests on constants that no paper gives: see Sensitivity before quoting one.',
  },
  cycles: {
    name: 'Cycles',
    text: 'Of a whole run: each segment’s slowest operator, and between segments the reload, the write-back and the switches (Eq. 3 and 4).',
    source: PAPER,
  },
  segments: { name: 'Segments', text: 'Counted as often as they run.' },
  switches: { name: 'Arrays switched', text: 'Changes of mode, both directions, over the whole run.' },
  memoryShare: {
    name: 'Memory share',
    text: 'Arrays in memory mode of all arrays of the chip, weighted by the time that segments compute.',
  },
  operators: {
    name: 'Products',
    text: 'Matrix products on arrays: layers, and parts of those too large for the chip.',
  },
  improved: { name: 'Improved', text: 'Our segmentation, with the improvements that are switched on.' },
  published: {
    name: 'As published',
    text: 'The dynamic program and the objective of the paper (Eq. 3 and 9).',
    source: PAPER,
  },
  'by-hand': { name: 'By hand', text: 'Segments cut where the design says; arrays dealt out by the compiler.' },
  'compute-only': {
    name: 'Compute only',
    text: 'The same segmentation with every array in compute mode.',
  },
  'cim-mlc-like': {
    name: 'CIM-MLC-like',
    text: 'Greedy segments, weights duplicated by a dynamic program. A re-implementation from the published method.',
    source: MLC,
  },
  'occ-like': {
    name: 'OCC-like',
    text: 'Operator by operator, tiled and unrolled over the chip. A re-implementation from its description.',
  },
  'puma-like': {
    name: 'PUMA-like',
    text: 'Greedy segments, duplication to balance the pipeline. A re-implementation from its description.',
  },
} satisfies Record<string, TermInfo> & Record<PlanId, TermInfo>;
