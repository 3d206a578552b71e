import { logicDepth } from '../synthesis/depth.ts';
import { runYosys, warmYosys } from '../synthesis/yosys.ts';
import type { YosysNetlist } from '../synthesis/yosys-json.ts';
import { check } from './check.ts';
import { synthesise } from './synthesise.ts';
import { exampleOf, inlineJob, scriptsOf, timeAlone } from './testing.ts';
import type { RtlSlice } from './types.ts';

/** A case of `npm run bench`: each run answers with the milliseconds of what it times, warm-up and preparation left out. */
interface Bench {
  name: string;
  run(): Promise<number>;
  baseline?: { name: string; run(): Promise<number> };
  ratioLimit?: number;
}

const SMALL = ['counter', 'alu', 'uart', 'fifo'];

/** 70,000 gates without ABC: 30 MB of JSON from some seconds of work. */
const LARGE = {
  'large.v':
    'module large #(parameter N = 70000)(input [N-1:0] a, b, output [N-1:0] y);\n  assign y = a & b;\nendmodule\n',
};
const LARGE_SCRIPT = 'read_verilog large.v\nhierarchy -top large\nsimplemap\nwrite_json\n';

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

async function mustSynthesise(slice: RtlSlice): Promise<void> {
  const result = await synthesise(slice, inlineJob());
  if (!result.ok) throw new Error(result.problems[0]?.what);
}

export const benches: Bench[] = [
  ...SMALL.flatMap((id): Bench[] => [
    {
      name: `rtl/${id}: synthesise in Node`,
      async run() {
        const slice = await exampleOf(id);
        await mustSynthesise(slice);
        return timed(() => mustSynthesise(slice));
      },
      baseline: {
        name: 'the package alone',
        async run() {
          const { scripts, tree } = await scriptsOf(await exampleOf(id));
          return timeAlone(scripts, tree);
        },
      },
    },
    {
      name: `rtl/${id}: check in Node`,
      async run() {
        const slice = await exampleOf(id);
        await check(slice, inlineJob());
        return timed(() => check(slice, inlineJob()));
      },
    },
  ]),
  {
    name: 'rtl: 30 MB netlist through standard output in Node, parsed',
    async run() {
      await warmYosys();
      return timed(async () => {
        let netlist: YosysNetlist | undefined;
        await runYosys({
          script: LARGE_SCRIPT,
          files: LARGE,
          onDocument(text) {
            netlist = JSON.parse(text);
            return undefined;
          },
        });
        if (Object.keys(netlist?.modules.large?.cells ?? {}).length !== 70_000) throw new Error('Cells are missing.');
      });
    },
    baseline: {
      name: 'the package alone, not parsed',
      async run() {
        await warmYosys();
        return timeAlone([LARGE_SCRIPT], LARGE);
      },
    },
    ratioLimit: 1.5,
  },
  {
    name: 'rtl: logic depth of 70,000 gates',
    async run() {
      let text = '';
      await runYosys({
        script: LARGE_SCRIPT,
        files: LARGE,
        onDocument(document) {
          text = document;
          return undefined;
        },
      });
      const netlist: YosysNetlist = JSON.parse(text);
      return timed(async () => {
        if (logicDepth(netlist, 'large').depth !== 1) throw new Error('The depth of parallel gates is 1.');
      });
    },
  },
];
