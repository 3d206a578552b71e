import type { BfpFigures, BfpLayer, Measurement, SearchSettings } from '../../../engines/bfp/types.ts';
import type { Assumption } from '../../../engines/core/report.ts';
import type { NumberFormat, Rounding } from '../../../engines/tensor/formats/types.ts';
import { formatBytes, formatNumber } from '../../ui/format.ts';
import type { TermInfo } from '../../ui/Term.tsx';

const BITQ = { title: 'BitQ (arXiv 2409.17093)', url: 'https://arxiv.org/abs/2409.17093' };
const MX = {
  title: 'OCP Microscaling Formats (MX) 1.0',
  url: 'https://www.opencompute.org/documents/ocp-microscaling-formats-mx-v1-0-spec-final-pdf',
};

const count = (n: number, one: string, many = `${one}s`) => `${formatNumber(n)} ${n === 1 ? one : many}`;
const points = (value: number) => `${Math.abs(value).toFixed(2)}\u202fpoints`;

/** Every word of the frame of this lab; views have catalogues of their own. */
export const texts = {
  designTitle: 'Network and formats',
  benchTitle: 'Views',
  readingsTitle: 'Readings',
  bottomTitle: 'Problems and log',
  loading: 'Loading the view',
  measure: 'Measure',
  measureAbout: 'Run the network in these formats over the data',
  search: 'Search',
  searchAbout: 'Look for better formats, layer by layer, with the settings of the search',
  stop: 'Stop',
  live: 'Live',
  liveAbout: 'Measure after each change, where that is quick',
  beside: 'Another view beside this one',
  besideNone: 'Beside: nothing',
  besideView: (name: string) => `Beside: ${name}`,
  pin: 'Pin result',
  pinAgain: 'Pin this result',
  unpin: 'Remove pin',
  download: 'Download',

  views: {
    layers: 'Layers',
    tensor: 'Tensor',
    search: 'Search',
    results: 'Results',
    loops: 'Loops',
    compare: 'Compare',
  },

  model: {
    title: 'Network',
    choose: 'Network',
    names: {
      'digits-cnn': 'Digits, small CNN',
      'digits-resnet': 'Digits, residual CNN',
      ocr: 'Text recogniser (PP-OCRv4)',
    },
    open: 'Open ONNX',
    openAbout: 'A network of your own as ONNX; or drop it anywhere here',
    reading: 'Reading the network',
    keeping: 'Its content is being read through and kept; then it is part of the design.',
    size: (parameters: string, macs: string, layers: number) =>
      `${parameters} parameters, ${macs} a sample, ${count(layers, 'layer')}`,
    ocrAbout: (size: string) =>
      `Reads rendered lines of text; ${size} are loaded on first use. A measurement takes a while: press Measure.`,
    ocrSize: formatBytes(10_822_323),
    card: 'Model card',
    examples: 'Examples',
    symbol: (name: string) => `Size of ${name}`,
    missing: 'The model leaves this size open.',
  },

  card: {
    title: (name: string) => `${name}: model card`,
    reading: 'Reading the card',
    missing: 'The card could not be loaded.',
    task: 'What it does',
    made: 'Made of',
    layers: (convolutions: number, connected: number, parameters: string, bytes: string) =>
      `${count(convolutions, 'convolution')}, ${count(connected, 'fully connected layer')}; ${parameters} parameters in ${bytes}`,
    data: 'Data',
    split: ({ train, search, test }: { train: number; search: number; test: number }) =>
      `${formatNumber(train)} to train, ${formatNumber(search)} to search, ${formatNumber(test)} to test.`,
    training: 'Training',
    trained: (how: string, epochs: number, seed: number, date: string) =>
      `${how}; ${count(epochs, 'epoch')}, seed ${seed}, ${date}`,
    test: 'Test, float32',
    search: 'Search, float32',
    counted: (percent: number, low: number, high: number, right: string, of: string) =>
      `${percent.toFixed(2)} % (95 %: ${low.toFixed(2)} to ${high.toFixed(2)} %), ${right} of ${of}`,
    limits: 'Limits',
    reproduce: 'Made again by',
    licence: 'Licence',
  },

  data: {
    title: 'Data',
    set: 'Measured on',
    sets: { test: 'Test', search: 'Search' },
    setAbout: {
      test: 'Held back from training and search: for final figures.',
      search: 'The data that searches look at: they may be looked at as often as wanted.',
    },
    setOwn: 'Of each class every third sample is for search, the others are for test.',
    samples: 'Samples at most',
    all: 'all',
    samplesNote: '0: all of them',
    own: 'Your data',
    none: 'No labelled data: signal to noise is computed layer by layer, accuracy is not.',
    open: 'Open file',
    openFolder: 'Folder of images',
    openAbout: 'An NPZ with samples x and classes y, two NPY files, or a zip of images in folders by class',
    folderAbout: 'A folder with one folder of images for each class',
    remove: 'Take the data out',
    reading: 'Reading the images',
  },

  format: {
    title: 'Formats of all layers',
    weights: 'Weights',
    activations: 'Activations',
    adjust: 'Adjust',
    both: 'Both',
    family: 'Family',
    families: {
      bfp: 'Block floating point',
      'block-minifloat': 'Block minifloat',
      mx: 'Microscaling (MX)',
      nvfp4: 'NVFP4',
      int: 'Integers, scaled in groups',
      gguf: 'llama.cpp (GGUF)',
      float: 'Floating point',
    } satisfies Record<Exclude<NumberFormat['kind'], 'float32' | 'float16' | 'bfloat16'> | 'float', string>,
    floats: { float32: 'float32', float16: 'float16', bfloat16: 'bfloat16' },
    mantissa: 'Mantissa bits',
    exponent: 'Exponent bits',
    shared: 'Shared exponent',
    bits: 'Bits',
    element: 'Element',
    type: 'Type',
    symmetric: 'Symmetric',
    block: 'Block',
    blocks: { row: 'a row', tensor: 'the tensor' },
    blockOf: (n: number | readonly number[]) => (typeof n === 'number' ? `${n}` : n.join(' × ')),
    rounding: 'Rounding',
    roundings: { even: 'To even', away: 'Away from zero', stochastic: 'Stochastic' } satisfies Record<Rounding, string>,
    stored: (bits: number) => `${formatNumber(bits)} bits a value`,
    storedAbout: 'In long rows, everything counted; a layer with short rows pays more',
    planned: (n: number) => `${count(n, 'layer')} with formats of their own`,
    clear: 'Same for all',
    unreadable: 'This is no format that the lab knows.',
    elements: {
      e5m2: 'FP8 E5M2',
      e4m3: 'FP8 E4M3',
      e3m2: 'FP6 E3M2',
      e2m3: 'FP6 E2M3',
      e2m1: 'FP4 E2M1',
      int8: 'INT8',
      int4: 'INT4',
    },
  },

  searching: {
    title: 'Search',
    method: 'Method',
    methods: {
      exact: 'Exact (additive)',
      genetic: 'Genetic (NSGA-II)',
      'hawq-like': 'HAWQ-like (re-implementation)',
      greedy: 'Greedy',
      random: 'Random',
    } satisfies Record<SearchSettings['method'], string>,
    objective: 'Aim',
    objectives: {
      published: 'Loss + λ × movement',
      'accuracy-drop': 'Loss at most',
      'average-bits': 'Bits at most',
      energy: 'Energy at most',
    } satisfies Record<SearchSettings['objective'], string>,
    lambda: 'λ',
    limits: {
      'accuracy-drop': 'Points lost at most',
      'average-bits': 'Average bits at most',
      energy: 'Energy at most',
    },
    limitUnits: { 'accuracy-drop': 'points', 'average-bits': 'bit', energy: 'pJ' },
    mantissas: 'Mantissa bits to choose from',
    blocks: 'Blocks to choose from',
    sensitivity: 'Estimate by',
    sensitivities: {
      'output-error': 'Output error',
      fisher: 'Fisher information',
    } satisfies Record<SearchSettings['sensitivity'], string>,
    measured: 'Plans measured',
    population: 'Population',
    generations: 'Generations',
    stopAfter: 'Ends after',
    evaluations: (n: number) => count(n, 'evaluation'),
    stopNote: 'Taken before its end; reset to search on.',
    start: 'Search',
    about:
      'Finds formats layer by layer on the search data, then measures the best for real. The formats above are not changed until you take a plan.',
    take: 'Take the best so far',
    found: 'The formats shown were found by a search.',
    use: 'Use this plan',
    reset: (name: string) => `Back to the default: ${name}`,
    none: 'Choose at least one.',
  },

  fineTune: {
    title: 'Training on',
    on: 'Train in these formats',
    epochs: 'Epochs',
    learningRate: 'Learning rate',
    batch: 'Samples a step',
    about: 'Straight-through: forward in the formats of the plan, backward as if nothing had been rounded.',
    only: 'Only the digit networks can be trained here.',
    lossOf: (epoch: number) => `Loss, epoch ${epoch}`,
  },

  machine: {
    title: 'Machine',
    unknown: (name: string) => `${name} (not known)`,
    changed: (n: number) => `${n} changed`,
    resetAll: 'Reset all',
    reset: (name: string) => `Back to the preset: ${name}`,
    preset: (value: string) => `preset ${value}`,
    levels: { registers: 'Registers', l1: 'L1', l2: 'L2', memory: 'Memory or L3' },
    numbers: 'Its numbers',
    capacityOf: (level: string) => `${level}: capacity`,
    bandwidthOf: (level: string) => `${level}: bandwidth`,
    threads: 'Threads',
    dram: 'Large memory, 32 bits',
    sram: 'On the chip, 32 bits',
  },

  edits: {
    model: (name: string) => `Choose ${name}`,
    openModel: (name: string) => `Open ${name}`,
    openData: (name: string) => `Take data from ${name}`,
    openPlan: (name: string) => `Take the plan of ${name}`,
    removeData: 'Take the data out',
    format: (operand: string) => `Format of ${operand.toLowerCase()}`,
    layerFormat: (name: string) => `Format of ${name}`,
    clearPlan: 'Same formats for all layers',
    loadPlan: 'Take a plan',
    loadBest: 'Take the plan that was found',
    search: 'Search for formats',
    searchSetting: (name: string) => `Search: ${name}`,
    measure: 'Measure the plan',
    takeBest: 'Take the best so far',
    fineTune: 'Training on',
    data: (name: string) => `Change ${name.toLowerCase()}`,
    machine: 'Change the machine',
    resetMachine: 'Back to the preset machine',
    symbol: (name: string) => `Size of ${name}`,
  },

  files: {
    drop: 'Drop an ONNX network, labelled data as NPZ, a folder of images, or a plan as JSON',
    unknownKind: (name: string) => `The file ${name} is neither a network nor data that this lab reads.`,
    kinds:
      'It takes networks as ONNX (.onnx), data as NPZ (.npz) or as folders of images, one for each class, and plans (.json).',
    noPlan: (name: string) => `The file ${name} holds no plan of number formats.`,
    noPlanRemedy: 'A plan is what this lab gives under Download, Plan (JSON).',
    planFormat: (name: string, layer: string) =>
      `The plan ${name} gives the layer ${layer} a format that cannot be read.`,
    dataNeedsModel: 'Data of your own go with a network of your own: open an ONNX file first.',
    dataNeedsModelRemedy: 'The networks of the studio come with their own data.',
  },

  state: {
    running: 'Measuring',
    searching: 'Searching',
    failed: 'Not measured: see the problems',
    cancelled: 'Stopped',
    pending: 'The design has changed: press Measure',
    pendingSearch: 'The design has changed: press Search',
    first: 'This takes a while: press Measure',
    firstSearch: 'This design asks for a search: press Search',
    done: (time: string) => `Done in ${time}`,
  },

  noResult: {
    none: 'Nothing is measured yet',
    text: 'Press Measure, or switch Live on.',
    dear: 'This takes a while: press Measure.',
    search: 'This design asks for a search: press Search.',
    running: 'Measuring',
    failed: 'This design cannot be measured',
  },

  readings: {
    none: 'Figures appear here after the first measurement.',
    failedTitle: 'No figures',
    failed: 'The design cannot be measured: see the problems below.',
    stale: 'earlier choices',
    first: 'computed when the studio was built',
    test: 'test data',
    search: 'search data',
    own: 'your data',
    tuned: (epochs: number) => `trained on for ${count(epochs, 'epoch')}`,
    points,
    accuracy: 'right answers',
    characters: 'right characters',
    interval: (low: number, high: number) => `95 % interval ${low.toFixed(2)} to ${high.toFixed(2)} %`,
    noAccuracy: 'Accuracy is not measured: there are no labelled data.',
    figures: {
      accuracyPercent: 'Accuracy',
      accuracyFloatPercent: 'Accuracy in float32',
      accuracyLowPercent: 'Accuracy, low end',
      accuracyHighPercent: 'Accuracy, high end',
      differencePoints: 'Difference',
      samples: 'Samples',
      averageWeightBits: 'Bits a weight',
      averageActivationBits: 'Bits an activation',
      weightBytes: 'Weights',
      dataMovementBits: 'Data movement',
      dataMovementBits8: 'Data movement at 8 bits',
      energyPj: 'Energy a sample',
      movementEnergyPj: 'of it by movement',
      computeEnergyPj: 'of it by arithmetic',
    } satisfies Partial<Record<keyof BfpFigures, string>>,
    outputNoise: 'Signal to noise of the output',
    otherKind: 'The pinned result is of other data: the two are not set against each other.',
    less: (times: number) => `${times.toFixed(2)} times less data moves than with 8 bits everywhere.`,
    more: (times: number) => `${times.toFixed(2)} times more data moves than with 8 bits everywhere.`,
    difference: {
      title: 'Against float32',
      same: (of: number, kind: Measurement['kind']) =>
        kind === 'text'
          ? 'Every line is read as well as in float32.'
          : `On ${count(of, 'sample')}, every answer is right or wrong as in float32.`,
      below: (by: number) => `${points(by)} below float32`,
      above: (by: number) => `${points(by)} above float32`,
      equal: 'As many right as float32',
      interval: (low: number, high: number) => `95 % interval ${signed(low)} to ${signed(high)} points`,
      p: (value: number) => (value < 0.001 ? 'p < 0.001' : `p = ${value.toFixed(value < 0.1 ? 3 : 2)}`),
      tests: { mcnemar: 'McNemar’s exact test', bootstrap: 'Paired bootstrap over lines' },
      real: 'more than chance would explain',
      chance: 'chance alone explains as much',
      counts: (lost: number, won: number, kind: Measurement['kind']) =>
        kind === 'text'
          ? `${count(lost, 'line')} read better in float32, ${formatNumber(won)} in this plan.`
          : `${count(lost, 'sample')} right only in float32, ${formatNumber(won)} only in this plan.`,
    },
  },

  assumptions: {
    title: 'What this rests on',
    source: { ours: 'ours', paper: 'paper', tool: 'tool' } satisfies Record<Assumption['source'], string>,
  },
  times: {
    title: 'Time taken here',
    names: {
      opening: 'Opening the network',
      search: 'Search',
      training: 'Training on',
      samples: 'Running the samples',
      layers: 'Layers',
    } as Record<string, string>,
  },
  problems: {
    title: 'Problems',
    none: 'No problems.',
    errors: (n: number) => count(n, 'error'),
    warnings: (n: number) => count(n, 'warning'),
  },
  log: { title: 'Log', none: 'The engine has said nothing yet.' },

  layers: {
    title: 'Layers',
    about: 'Formats, what they cost and how well they hold the numbers',
    name: 'Layer',
    op: 'Kind',
    ops: { conv: 'conv', depthwise: 'depthwise', fc: 'fc' } satisfies Record<BfpLayer['op'], string>,
    shape: 'Shape',
    histogram: 'Weights',
    histogramOf: (name: string, max: string) => `Histogram of the weights of ${name}, from −${max} to ${max}`,
    weights: 'Weights as',
    inputs: 'Inputs as',
    formatOf: (operand: string, name: string) => `${operand} of ${name}`,
    weightBits: 'Bits a weight',
    inputBits: 'Bits an input',
    weightNoise: 'SNR weights',
    outputNoise: 'SNR output',
    macs: 'MACs',
    parameters: 'Parameters',
    movement: 'Moved',
    energy: 'Energy',
    reset: (what: string) => `${what}: as all layers`,
    own: 'differs from all layers',
    found: 'Found by the search',
  },

  onwards: {
    title: 'Go on',
    map: 'Map to crossbars',
    about:
      'A new design in the crossbar lab, with this network and the bits of its layers, on a chip of ISAAC’s cells.',
    cannot: 'The crossbar lab does not have this network.',
  },

  gallery: {
    title: 'Examples',
    about: 'Each opens as a design of its own; the one on the screen stays.',
  },

  downloads: {
    report: 'Report (JSON)',
    figures: 'Figures (CSV)',
    figuresJson: 'Figures (JSON)',
    layers: 'Layers (CSV)',
    planJson: 'Plan (JSON)',
    planCsv: 'Plan (CSV)',
    onnx: 'ONNX, weights as rounded',
    onnxQdq: 'ONNX with QDQ nodes',
    onnxNbits: 'ONNX with MatMulNBits',
    gguf: 'Weights as GGUF',
    made: (name: string) => `${name} was saved.`,
  },

  commands: {
    group: 'Number formats',
    run: 'Measure',
    search: 'Search for formats',
    stop: 'Stop',
    take: 'Take the best so far',
    live: 'Switch Live on or off',
    view: (name: string) => `Show: ${name}`,
    gallery: 'Examples',
    open: 'Open an ONNX network',
    map: 'Map to crossbars with these bits',
    download: (what: string) => `Download: ${what}`,
  },
} as const;

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

/** Terms of art, with where they are defined. */
export const terms = {
  bfp: {
    name: 'Block floating point',
    text: 'A block of numbers shares one exponent, that of its largest; each keeps a sign and a mantissa. Small neighbours of a large number lose their low bits.',
    source: BITQ,
  },
  'block-minifloat': {
    name: 'Block minifloat',
    text: 'Tiny floats with a few exponent bits of their own under a shared exponent: the format of BitQ’s released program.',
    source: BITQ,
  },
  mx: {
    name: 'Microscaling',
    text: 'Thirty-two small floats or integers under one power of two, as accelerators of several makers compute with.',
    source: MX,
  },
  nvfp4: {
    name: 'NVFP4',
    text: 'FP4 elements in blocks of 16 under an FP8 scale, and one float32 scale for the tensor.',
  },
  int: {
    name: 'Integers with scales',
    text: 'Codes of a few bits under a float16 scale for each group; with a zero point where the range is not symmetric.',
  },
  gguf: {
    name: 'GGUF',
    text: 'Block formats of llama.cpp, as language models are shared in.',
    source: { title: 'llama.cpp', url: 'https://github.com/ggml-org/llama.cpp' },
  },
  float: { name: 'Floating point', text: 'Every number has an exponent of its own.' },
  accuracy: {
    name: 'Accuracy',
    text: 'Counted, not estimated: the network runs with weights and inputs of its layers rounded to these formats. The interval is Wilson’s, 95 %.',
  },
  pValue: {
    name: 'p value',
    text: 'How often a difference at least this large would come up if neither network were better, judged on the samples where the two differ.',
  },
  averageWeightBits: {
    name: 'Bits a weight',
    text: 'All stored bits over all weights: codes, shared exponents, scales and zero points, first and last layers too.',
  },
  averageActivationBits: {
    name: 'Bits an activation',
    text: 'All stored bits of the inputs of layers over their values, shared exponents included.',
  },
  dataMovement: {
    name: 'Data movement',
    text: 'Bits across the border of the large memory for one sample, with every layer cut into the tiles that move least for its formats.',
    source: BITQ,
  },
  energy: {
    name: 'Energy',
    text: 'Words moved and operations done, each at its cost in 45 nm, as BitQ counts it.',
    source: BITQ,
  },
  objective: {
    name: 'What is looked for',
    text: 'As published: the share of accuracy lost plus λ times the share of data movement. Or the best plan within a bound.',
    source: BITQ,
  },
  sensitivity: {
    name: 'Sensitivity',
    text: 'How much a layer’s rounding is expected to cost, taken alone. The sum over layers is the estimate; the best plans are then measured, and the view shows how far the estimate was off.',
  },
  noise: {
    name: 'Signal to noise',
    text: 'Power of the numbers over power of their rounding errors, in decibels: 6 dB are one bit.',
  },
  fineTune: {
    name: 'Straight-through',
    text: 'Forward in rounded numbers, backward as if rounding were not there.',
    source: { title: 'Bengio et al., arXiv 1308.3432', url: 'https://arxiv.org/abs/1308.3432' },
  },
  rounding: {
    name: 'Rounding',
    text: 'What becomes of a number half way between two codes: the even one, the one further from zero, or either by a seeded coin weighted by nearness.',
  },
  bandwidth: {
    name: 'Bandwidth',
    text: 'What volumes are divided by to find the level that holds the others up. Only ratios matter.',
    source: BITQ,
  },
} satisfies Record<string, TermInfo>;
