import type { Example } from '../../document/types.ts';
import { defaults } from '../defaults.ts';
import type { RtlSlice } from '../types.ts';

/** An example of the gallery. Its texts are frozen: a changed text is a new version, and the old one stays readable. */
export interface RtlExample extends Example<RtlSlice> {
  level: 'first steps' | 'building block' | 'system';
  tags: string[];
}

interface Entry {
  id: string;
  title: string;
  about: string;
  level: RtlExample['level'];
  tags: string[];
  /** In the order of the editor's tabs; the top module's file first. */
  files: [string, ...string[]];
  top: string;
  flatten: boolean;
  parameters?: RtlSlice['parameters'];
  fileList?: string;
}

const texts = import.meta.glob<string>(['./*/*.{v,sv,vh,svh,f}', './*/bench/*.{v,sv}'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** From simple to large. */
const entries: Entry[] = [
  {
    id: 'full-adder',
    title: 'Full adder',
    about:
      'Two lines of logic that add three bits. The text says a ^ b twice, the schematic draws it once: equal operators are merged before anything else happens. Five gates remain.',
    level: 'first steps',
    tags: ['combinational', 'arithmetic'],
    files: ['full_adder.v'],
    top: 'full_adder',
    flatten: true,
  },
  {
    id: 'counter',
    title: 'Counter with enable',
    about:
      'The smallest design with a memory of its own: a register, an adder and a comparison. Change WIDTH and see flip-flops grow with it while the depth grows more slowly; set LIMIT to 9 for a decade counter.',
    level: 'first steps',
    tags: ['sequential', 'parameters'],
    files: ['counter.v'],
    top: 'counter',
    flatten: true,
    parameters: { WIDTH: 8 },
  },
  {
    id: 'adders',
    title: 'Ripple carry against carry lookahead',
    about:
      'The same sum computed twice. Set the top module to ripple_adder, pin the result, then choose lookahead_adder: more cells, but a much shorter longest path.',
    level: 'first steps',
    tags: ['combinational', 'arithmetic', 'hierarchy', 'generate'],
    files: ['adders.v', 'ripple_adder.v', 'lookahead_adder.v', 'lookahead_group.v'],
    top: 'adders',
    flatten: false,
  },
  {
    id: 'alu',
    title: 'Arithmetic and logic unit',
    about:
      'Eight operations and four flags. One adder serves addition, subtraction and both comparisons: write a - b as an expression of its own and see what the second adder costs.',
    level: 'building block',
    tags: ['combinational', 'arithmetic', 'parameters'],
    files: ['alu.v'],
    top: 'alu',
    flatten: true,
    parameters: { WIDTH: 16 },
  },
  {
    id: 'latch-trap',
    title: 'The latch trap',
    about:
      'Two arbiters that read alike; one forgets a case and becomes a memory that nobody wanted. The report names the line that infers the latches. Add the missing else and they are gone.',
    level: 'first steps',
    tags: ['combinational', 'latch', 'mistakes'],
    files: ['latch_trap.v'],
    top: 'latch_trap',
    flatten: true,
  },
  {
    id: 'lfsr',
    title: 'Shift register with feedback',
    about:
      'Sixteen flip-flops and three exclusive-ors that go through 65 535 states. Look at the gutter: the feedback is almost free, while refusing a seed of zero costs many gates.',
    level: 'building block',
    tags: ['sequential', 'parameters'],
    files: ['lfsr.v'],
    top: 'lfsr',
    flatten: true,
  },
  {
    id: 'traffic-light',
    title: 'Traffic light (state machine)',
    about:
      'A crossing with two roads and a button. The source holds its five states in three bits; Yosys finds the state machine and gives each state a flip-flop of its own, so the netlist has two more than the source says.',
    level: 'building block',
    tags: ['sequential', 'state machine', 'SystemVerilog'],
    files: ['traffic_light.sv'],
    top: 'traffic_light',
    flatten: true,
  },
  {
    id: 'barrel-shifter',
    title: 'Barrel shifter',
    about:
      'Shifts or rotates 32 bits by any distance at once, as five stages of multiplexers and two that reverse the word. It is multiplexers and nearly nothing else. Raise STAGES by one: twice the width costs one more gate of depth.',
    level: 'building block',
    tags: ['combinational', 'generate', 'parameters'],
    files: ['barrel_shifter.v'],
    top: 'barrel_shifter',
    flatten: true,
    parameters: { STAGES: 5 },
  },
  {
    id: 'divider',
    title: 'Divider, one bit per clock',
    about:
      'Division by shift and subtract: sixteen clocks, one subtractor. Comparison and subtraction are written as two operators, but the borrow of the one is the answer of the other, and Yosys builds one subtractor for both.',
    level: 'building block',
    tags: ['sequential', 'arithmetic', 'parameters'],
    files: ['divider.v'],
    top: 'divider',
    flatten: true,
    parameters: { WIDTH: 16 },
  },
  {
    id: 'register-file',
    title: 'Register file',
    about:
      'Eight registers with two read ports and one write port. At word level it is one memory cell; built from gates, reading costs more than storing, because each read port is a tree of multiplexers.',
    level: 'building block',
    tags: ['memory', 'parameters'],
    files: ['register_file.v'],
    top: 'register_file',
    flatten: true,
  },
  {
    id: 'memories',
    title: 'What becomes a memory?',
    about:
      'Four arrays of sixteen bytes. A RAM with a clocked read, one without and a table are recognised as memories; the array that a reset clears is not, and Yosys warns that it became a list of registers.',
    level: 'building block',
    tags: ['memory', 'hierarchy', 'mistakes'],
    files: ['memories.v', 'block_ram.v', 'distributed_ram.v', 'sine_rom.v', 'cleared_array.v'],
    top: 'memories',
    flatten: false,
  },
  {
    id: 'fifo',
    title: 'Synchronous FIFO',
    about:
      'A queue of sixteen bytes: a memory and two pointers with one bit more than the address, which tells full from empty. Raise ADDRESS by one: the memory doubles, the logic around it hardly grows.',
    level: 'building block',
    tags: ['memory', 'sequential', 'parameters'],
    files: ['fifo.v'],
    top: 'fifo',
    flatten: true,
    parameters: { WIDTH: 8, ADDRESS: 4 },
  },
  {
    id: 'uart',
    title: 'UART, transmitter and receiver',
    about:
      'A serial port at 115 200 baud from 12 MHz. The receiver samples each bit in its middle and takes the line through two flip-flops first. Compare the two modules, and see how little CLOCKS_PER_BIT matters.',
    level: 'system',
    tags: ['sequential', 'hierarchy', 'parameters'],
    files: ['uart.v', 'uart_tx.v', 'uart_rx.v'],
    top: 'uart',
    flatten: false,
    parameters: { CLOCKS_PER_BIT: 104 },
  },
  {
    id: 'cipher-round',
    title: 'Block cipher PRESENT, one round per clock',
    about:
      'A cipher made for small chips (Bogdanov et al., CHES 2007). Seventeen copies of one substitution box, which at word level is a table, and a permutation that is only wire. Compare what a round costs with what it takes to hold state and key.',
    level: 'system',
    tags: ['sequential', 'cryptography', 'hierarchy', 'generate'],
    files: ['present.v', 'present_round.v', 'present_key_schedule.v', 'present_sbox.v'],
    top: 'present',
    flatten: false,
  },
  {
    id: 'fir',
    title: 'FIR filter, 16 taps',
    about:
      'A low-pass filter. Its taps are symmetric, so eight multiplications do, and each is by a constant. The products and their sum take two thirds of all cells: find their line in the gutter, then make the coefficients powers of two.',
    level: 'system',
    tags: ['arithmetic', 'pipeline', 'include', 'generate'],
    files: ['fir.v', 'coefficients.vh'],
    top: 'fir',
    flatten: true,
  },
  {
    id: 'systolic',
    title: 'Systolic array, 4 x 4',
    about:
      'Sixteen multiply-accumulators multiply matrices: one operand moves right, the other down, and the sums stay. The hierarchy is kept, so one processing element is synthesised and counted sixteen times. Step inside.',
    level: 'system',
    tags: ['arithmetic', 'hierarchy', 'generate', 'SystemVerilog'],
    files: ['systolic.sv', 'processing_element.sv', 'delay.sv'],
    top: 'systolic',
    flatten: false,
    parameters: { N: 4 },
  },
  {
    id: 'riscv',
    title: 'RISC-V core (RV32I)',
    about:
      'A processor that runs all base integer instructions, one each clock. More than half of its cells are the register file; the longest path runs through decoder, ALU and the check of the address, all within one clock. Define RV32E for 16 registers.',
    level: 'system',
    tags: ['processor', 'memory', 'hierarchy', 'include', 'package', 'file list', 'SystemVerilog'],
    files: [
      'riscv.sv',
      'riscv_pkg.sv',
      'decoder.sv',
      'alu.sv',
      'register_file.sv',
      'load_store.sv',
      'riscv_config.vh',
      'riscv.f',
    ],
    top: 'riscv',
    flatten: false,
    fileList: 'riscv.f',
  },
];

/** Version 1 holds the design alone; version 2 has its bench beside it. */
function example({ files, parameters = {}, fileList = '', top, flatten, ...rest }: Entry, version: 1 | 2): RtlExample {
  const benches = version === 1 ? [] : benchesOf(rest.id);
  const slice: RtlSlice = {
    ...defaults,
    files: [
      ...files.map((path) => ({ path, text: textOf(rest.id, path) })),
      ...benches.map((path) => ({ path, text: textOf(rest.id, path), role: 'bench' as const })),
    ],
    top,
    parameters,
    defines: {},
    includeDirs: [],
    fileList,
    flatten,
    simulation: {
      ...defaults.simulation,
      tops: benches.map((path) => path.slice('bench/'.length, path.lastIndexOf('.'))),
    },
  };
  return { ...rest, version, slice };
}

function benchesOf(id: string): string[] {
  const folder = `./${id}/`;
  return Object.keys(texts)
    .filter((path) => path.startsWith(`${folder}bench/`))
    .map((path) => path.slice(folder.length))
    .sort();
}

function textOf(id: string, path: string): string {
  const text = texts[`./${id}/${path}`];
  if (text === undefined) throw new Error(`The example ${id} lists ${path}, which is not in its folder.`);
  return text;
}

/** The gallery of the RTL lab, from simple to large: the newest version of each example first, then those that old links name. */
export const examples: RtlExample[] = ([2, 1] as const).flatMap((version) =>
  entries.map((entry) => example(entry, version)),
);

/** What the gallery shows. */
export const gallery: RtlExample[] = examples.filter(({ version }) => version === 2);

/** What lies in the folders, listed or not, for the check that nothing is left out. */
export const shippedPaths: string[] = Object.keys(texts);
