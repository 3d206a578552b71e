import { type OutputStream, runYosys as packaged } from '@yowasp/yosys';
import { logicDepth } from '../synthesis/depth.ts';
import { toStandardOutput } from '../synthesis/script.ts';
import { runYosys, warmYosys } from '../synthesis/yosys.ts';
import type { YosysNetlist } from '../synthesis/yosys-json.ts';
import { check } from './check.ts';
import { planOf } from './plan.ts';
import { slice as definition } from './slice.ts';
import { synthesise } from './synthesise.ts';
import { inlineJob } from './testing.ts';
import type { RtlReport, RtlSlice } from './types.ts';

/** A case of `npm run bench`: each run answers with the milliseconds of what it times, warm-up and preparation left out. */
export interface Bench {
  name: string;
  run(): Promise<number>;
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

async function exampleOf(id: string): Promise<RtlSlice> {
  const example = (await definition.examples()).find((each) => each.id === id);
  if (!example) throw new Error(`There is no example ${id}.`);
  return example.slice;
}

async function reportOf(slice: RtlSlice): Promise<RtlReport> {
  const result = await synthesise(slice, inlineJob());
  if (!result.ok) throw new Error(result.problems[0]?.what);
  return result.value;
}

/** The package alone: its output is collected and nothing else is done. */
async function alone(script: string, files: Parameters<typeof packaged>[1]): Promise<number> {
  let bytes = 0;
  const stdout: OutputStream = (chunk) => {
    bytes += chunk?.length ?? 0;
  };
  await packaged(['run.ys'], { ...files, 'run.ys': script }, { stdout, stderr: null });
  if (bytes === 0) throw new Error('Yosys printed nothing.');
  return bytes;
}

export const benches: Bench[] = [
  ...SMALL.flatMap((id): Bench[] => [
    {
      name: `rtl/${id}: synthesise`,
      async run() {
        const slice = await exampleOf(id);
        await reportOf(slice);
        return timed(() => reportOf(slice));
      },
    },
    {
      name: `rtl/${id}: the same scripts by the package alone`,
      async run() {
        const slice = await exampleOf(id);
        const job = inlineJob();
        const gates = await synthesise(slice, job);
        const plan = await planOf(slice, job);
        const [word] = job.partials;
        if (!gates.ok || !plan.ok || !word) throw new Error(`The example ${id} does not synthesise.`);
        return timed(async () => {
          for (const { script } of [word, gates.value]) await alone(toStandardOutput(script), plan.value.sources.tree);
        });
      },
    },
    {
      name: `rtl/${id}: check`,
      async run() {
        const slice = await exampleOf(id);
        await check(slice, inlineJob());
        return timed(() => check(slice, inlineJob()));
      },
    },
  ]),
  {
    name: 'rtl: 30 MB netlist through standard output, parsed',
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
  },
  {
    name: 'rtl: 30 MB netlist by the package alone, not parsed',
    async run() {
      await warmYosys();
      return timed(() => alone(LARGE_SCRIPT, LARGE));
    },
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
