import type { Example } from '../../document/types.ts';
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

const texts = import.meta.glob<string>('./*/*.{v,sv,vh,svh,f}', { query: '?raw', import: 'default', eager: true });

/** From simple to large. */
const entries: Entry[] = [
  {
    id: 'full-adder',
    title: 'Full adder',
    about:
      'Two lines of logic that add three bits. Look at the schematic: each operator of the source is one gate, and a ^ b is drawn twice because it is written twice. At gate level Yosys builds it once.',
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
];

function example({ files, parameters = {}, fileList = '', top, flatten, ...rest }: Entry): RtlExample {
  const slice: RtlSlice = {
    files: files.map((path) => {
      const text = texts[`./${rest.id}/${path}`];
      if (text === undefined) throw new Error(`The example ${rest.id} lists ${path}, which is not in its folder.`);
      return { path, text };
    }),
    top,
    parameters,
    defines: {},
    includeDirs: [],
    fileList,
    flatten,
    task: 'synthesise',
  };
  return { ...rest, version: 1, slice };
}

/** The gallery of the RTL lab, from simple to large. */
export const examples: RtlExample[] = entries.map(example);

/** What lies in the folders, listed or not, for the check that nothing is left out. */
export const shippedPaths: string[] = Object.keys(texts);
