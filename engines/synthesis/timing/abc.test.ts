import { readFileSync } from 'node:fs';
import { runYosys } from '@yowasp/yosys';
import { expect, it } from 'vitest';
import { flattenGates } from '../gates/flatten.ts';
import { studio45, studio45Liberty } from '../studio45/index.ts';
import type { YosysNetlist } from '../yosys-json.ts';
import { analyseTiming } from './analyse.ts';
import { noConstraints } from './constraints.ts';

const DESIGNS: [string, string, string][] = [
  ['alu', 'alu', 'alu.v'],
  ['barrel-shifter', 'barrel_shifter', 'barrel_shifter.v'],
];

/** Netlists that ABC mapped and timed, and the delay in ps that its `stime` found for each. */
async function mapped(): Promise<{ netlist: YosysNetlist; delayPs: number }[]> {
  const sources = DESIGNS.map(([folder, , file]) => {
    const at = new URL(`../../rtl/examples/${folder}/${file}`, import.meta.url);
    return [file, readFileSync(at, 'utf8')] as const;
  });
  const script = DESIGNS.flatMap(([, top, file]) => [
    'design -reset',
    `read_verilog -sv ${file}`,
    `synth -flatten -top ${top}`,
    'abc -liberty cells.lib -script +strash;map;topo;stime,-p',
    'opt_clean',
    'log NETLIST',
    'write_json',
    'log END',
  ]);
  let text = '';
  const decoder = new TextDecoder();
  const tree = {
    ...Object.fromEntries(sources),
    'cells.lib': studio45Liberty('typical'),
    'run.ys': script.join('\n'),
  };
  const take = (bytes: Uint8Array | null) => {
    if (bytes) text += decoder.decode(bytes, { stream: true });
  };
  await runYosys(['run.ys'], tree, { stdout: take, stderr: null });
  const delays = [...text.matchAll(/Delay = +([\d.]+) ps/g)].map(([, value]) => Number(value));
  const netlists = text
    .split('\nNETLIST')
    .slice(1)
    .map((part) => JSON.parse(part.slice(part.indexOf('{'), part.lastIndexOf('\nEND'))) as YosysNetlist);
  return netlists.map((netlist, i) => ({ netlist, delayPs: delays[i] as number }));
}

it('agrees with ABC on the longest path of combinational designs', { timeout: 60_000 }, async () => {
  const library = studio45('typical');
  const found = await mapped();
  expect(found).toHaveLength(DESIGNS.length);
  for (const { netlist, delayPs } of found) {
    const flat = flattenGates(netlist, library);
    if (!flat.ok) throw new Error(flat.problems.map(({ what }) => what).join('\n'));
    const options = { inputSlewNs: 0, outputLoadPf: 0, paths: 1, wire: { basePf: 0, perFanoutPf: 0 } };
    const { report } = analyseTiming(flat.value, library, noConstraints(), options);
    const oursPs = 1000 * (report.summary.criticalPathNs ?? 0);
    expect(Math.abs(oursPs / delayPs - 1), `${oursPs} against ${delayPs} ps`).toBeLessThan(0.001);
  }
});
