import { zipSync } from 'fflate';
import type { Job } from '../core/job.ts';
import { ok, type Result } from '../core/result.ts';
import { buildScript, OUTPUT_FILES } from '../synthesis/script.ts';
import { YOSYS_VERSION } from '../synthesis/yosys.ts';
import { resolvePlan } from './netlist.ts';
import type { BundleFile, RtlSlice } from './types.ts';

/** The same moment in every zip, so that the same design gives the same bytes. */
export const MOMENT = new Date(1980, 0, 1);

/** Everything to repeat the run with a native Yosys: the sources, the scripts that ran, a Makefile and a README. */
export async function bundle(slice: RtlSlice, job: Job): Promise<Result<BundleFile>> {
  const resolved = await resolvePlan(slice, job);
  if (!resolved.ok) return resolved;
  const { plan, top } = resolved.value;
  const files: Record<string, Uint8Array> = {};
  const encoder = new TextEncoder();
  const add = (name: string, content: string | Uint8Array) => {
    files[name] = typeof content === 'string' ? encoder.encode(content) : content;
  };
  for (const { alias, content } of plan.sources.entries) add(alias, content);
  // The scripts and their frame give way to files of the user's that have their names.
  const free = (name: string): string => {
    let candidate = name;
    while (candidate in files) candidate = `crossbar-${candidate}`;
    return candidate;
  };
  const scripts = {
    word: free('word.ys'),
    gates: free('gates.ys'),
    verilog: free('verilog.ys'),
    blif: free('blif.ys'),
  };
  add(scripts.word, buildScript({ ...plan.script, stage: 'word' }));
  add(scripts.gates, buildScript({ ...plan.script, stage: 'gates' }));
  add(scripts.verilog, buildScript({ ...plan.script, stage: 'gates', only: 'verilog' }));
  add(scripts.blif, buildScript({ ...plan.script, stage: 'gates', only: 'blif' }));
  add(free('Makefile'), makefile(scripts));
  add(free('README.txt'), readme(top, scripts, renamed(plan.sources)));

  const sorted = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = zipSync(Object.fromEntries(sorted), { level: 6, mtime: MOMENT });
  return ok({ name: `${top}-yosys.zip`, bytes });
}

type Scripts = Record<'word' | 'gates' | 'verilog' | 'blif', string>;

function makefile(scripts: Scripts): string {
  return `# Repeats the run of Crossbar Studio with a native Yosys. Any other: make YOSYS=/path/to/yosys
YOSYS ?= yosys

.PHONY: all word gates verilog blif clean

all: word gates verilog blif

word:
	$(YOSYS) -l word.log ${scripts.word}

gates:
	$(YOSYS) -l gates.log ${scripts.gates}

verilog:
	$(YOSYS) -l verilog.log ${scripts.verilog}

blif:
	$(YOSYS) -l blif.log ${scripts.blif}

clean:
	rm -f ${Object.values(OUTPUT_FILES).join(' ')} word.log gates.log verilog.log blif.log
`;
}

function readme(top: string, scripts: Scripts, names: [string, string][]): string {
  const lines = [
    `Synthesis of ${top}, as run by Crossbar Studio`,
    '',
    `  make            everything, with Yosys ${YOSYS_VERSION} (other versions may find other gates)`,
    `  make word       the word level netlist, ${OUTPUT_FILES.word}`,
    `  make gates      gates, ${OUTPUT_FILES.json}; the end of gates.log has the counts`,
    `  make verilog    the same gates as Verilog, ${OUTPUT_FILES.verilog}`,
    `  make blif       the same gates as BLIF, ${OUTPUT_FILES.blif}`,
    '',
    `${scripts.word} and ${scripts.gates} are the scripts that ran in the studio; there, what they write went to standard`,
    `output instead of files. ${OUTPUT_FILES.mapped} holds the gates before ABC, from which source lines are taken.`,
  ];
  if (names.length > 0) {
    lines.push('', 'Files that Yosys could not read under their own names:');
    for (const [alias, path] of names) lines.push(`  ${alias}    ${path}`);
  }
  return `${lines.join('\n')}\n`;
}

export function renamed(sources: { entries: { alias: string }[]; userPath(name: string): string }): [string, string][] {
  return sources.entries
    .map(({ alias }): [string, string] => [alias, sources.userPath(alias)])
    .filter(([alias, path]) => alias !== path);
}
