import type { LoopIndex, MemoryLevel, Operand } from '../../../../../engines/bfp/movement/types.ts';
import { formatNumber } from '../../../../ui/format.ts';
import type { TermInfo } from '../../../../ui/Term.tsx';

const BITQ = { title: 'BitQ (arXiv 2409.17093)', url: 'https://arxiv.org/abs/2409.17093' };
const times = (n: number) => `${formatNumber(n)}\u202f×`;

/** Every word of the view of loops. */
export const texts = {
  title: 'Loops and data movement',
  about: 'How a layer is cut into tiles for four levels of memory, and what moves between them',

  source: 'Network',
  sources: {
    design: 'Of this design, in its formats',
    zoo: (name: string) => `${name}, all layers with weights`,
  },
  layer: 'Layer',
  shape: (parts: string, macs: string) => `${parts}; ${macs}`,
  repeats: (n: number) => `${times(n)}as groups`,

  bits: 'Bits of a value, everything counted',
  bitsOf: { inputs: 'Inputs', weights: 'Weights', outputs: 'Outputs' } satisfies Record<Operand, string>,
  exact: (operand: string) => `${operand}: bits, exactly`,
  back: 'As in the plan',
  backAbout: 'Take the bits of every layer from the formats of the design again',
  trying: 'Tried, not in the design',
  computing: 'Looking for the best tiles',

  nest: 'Loop nest',
  nestAbout: 'Outer loops first. Each frame is a level of memory with the tile that it holds.',
  levels: { registers: 'Registers', l1: 'L1', l2: 'L2', memory: 'Memory (L3)' } satisfies Record<MemoryLevel, string>,
  outside: 'Large memory (DRAM)',
  borders: {
    registers: 'L1 to registers',
    l1: 'L2 to L1',
    l2: 'L3 to L2',
    memory: 'DRAM to L3',
  } satisfies Record<MemoryLevel, string>,
  indices: {
    b: 'batch',
    f: 'output channels',
    x: 'output width',
    y: 'output height',
    c: 'input channels',
    w: 'kernel width',
    h: 'kernel height',
  } satisfies Record<LoopIndex, string>,
  steps: (n: number, size: string) => `${formatNumber(n)} steps of ${size}`,
  parts: (n: number, size: string) => `${formatNumber(n)} parts of ${size}`,
  together: (n: number) => `${formatNumber(n)} threads at once`,
  noLoops: 'one pass, no loops',
  full: (percent: number) => `${percent < 1 ? '<\u202f1' : formatNumber(Math.round(percent))}\u202f% full`,
  capacity: (size: string) => `of ${size}`,
  moves: (size: string) => `${size} moved in and out`,
  fixed: 'fixed tile',
  binds: 'capacity binds',
  bottleneck: 'bottleneck',
  footprint: (parts: string) => `Footprint: ${parts}`,
  part: (name: string, size: string) => `${name} ${size}`,

  inPlan: (size: string) => `${size} in the plan`,

  byLevel: 'Moved across each border',
  border: 'Border',
  moved: 'Data moved',
  tableTitle: 'Levels of the layer',
  columns: {
    level: 'Level',
    tile: 'Tile',
    order: 'Loops, inner to outer',
    footprint: 'Footprint',
    capacity: 'Capacity',
    volume: 'Moved',
    cost: 'Cost',
    binds: 'Binds',
  },
  yes: 'yes',
  no: 'no',

  figures: {
    dram: 'From and to DRAM',
    sram: 'Inside the chip',
    movementEnergy: 'Energy of movement',
    computeEnergy: 'Energy of computing',
    network: 'All layers, DRAM',
  },

  byLayer: 'From and to DRAM, layer by layer',
  layerName: 'Layer',

  lists: 'Published lists, and corrected',
  listsAbout: (bits: string) =>
    `The ResNet-18 list of the released program has half of the input channels in nine layers. All lists with ${bits}, on this machine.`,
  allBits: (inputs: number, weights: number, outputs: number) =>
    inputs === weights && weights === outputs
      ? `${formatNumber(inputs)} bits a value`
      : `${formatNumber(inputs)}, ${formatNumber(weights)} and ${formatNumber(outputs)} bits (inputs, weights, outputs)`,
  listColumns: {
    list: 'List',
    layers: 'Layers',
    macs: 'Multiply-accumulates',
    weights: 'Weights',
    dram: 'DRAM',
    sram: 'Inside',
    energy: 'Energy',
  },
};

export const terms: Record<'bits' | 'nest' | 'lists', TermInfo> = {
  bits: {
    name: 'Bits of a value',
    text: 'What a value takes in memory: its own code and its part of what a block shares. A mantissa of 4 bits in blocks of 16 with an exponent of 8 takes 4.5.',
    source: BITQ,
  },
  nest: {
    name: 'Loop nest',
    text: 'A convolution is seven loops. Cut into tiles, the inner loops work on data that a level of memory holds, and the order of the loops around them says which tensor stays and which is brought again. Tiles and orders are those with the smallest cost at the worst level, then at the next; cost is bits moved over bandwidth.',
    source: BITQ,
  },
  lists: {
    name: 'Published lists',
    text: 'The layers that the released program of BitQ comes with. As published, 20 convolutions of ResNet-18 have 1.29 billion multiply-accumulates; with the channels of the real network there are 1.81 billion.',
    source: BITQ,
  },
};
