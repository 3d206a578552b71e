import { zipSync } from 'fflate';
import { breathe } from '../core/abort.ts';
import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { cellModels } from '../synthesis/liberty/models.ts';
import { MAP_FILES } from '../synthesis/map-script.ts';
import { staConstraints, staScript } from '../synthesis/sdc/sta.ts';
import { writeSdf } from '../synthesis/sdf/write.ts';
import { isVerilog, normalisePath } from '../synthesis/sources.ts';
import type { TimingSummary } from '../synthesis/timing/types.ts';
import { YOSYS_VERSION } from '../synthesis/yosys.ts';
import { MOMENT, renamed } from './bundle.ts';
import { netlistText, parametersOf } from './gate-bench.ts';
import { type Mapped, mapDesign } from './map.ts';
import { analyse, timingOptions } from './ppa.ts';
import type { BundleFile, RtlSlice } from './types.ts';

/**
 * Everything to go on with native tools, as a zip: sources and benches, the script that mapped the design and the library, the mapped
 * netlist with models of its cells and delays, the constraints, scripts for OpenSTA and a Makefile for Yosys, OpenSTA and Icarus Verilog.
 *
 * Errors: those of mapping and of the constraints, `native-path` (a file whose path cannot lie in a folder).
 */
export async function native(slice: RtlSlice, job: Job): Promise<Result<BundleFile>> {
  const made = await mapDesign(slice, job);
  if (!made.ok) return made;
  await breathe(job.signal);
  const mapped = made.value;
  const files = await sourceFiles(slice, mapped, job);
  if (!files.ok) return files;

  job.progress(0.8, 'Timing the mapped design');
  const { design, target } = mapped;
  const analysed = analyse(slice, mapped);
  if (!analysed.ok) return analysed;
  const { sdc, constraints, timing } = analysed.value;
  const options = timingOptions(slice.analysis);
  await breathe(job.signal);

  const names = namesIn(files.value.all);
  const { add, free } = names;
  for (const [name, text] of Object.entries(mapped.files)) add(name, text);
  add(target.file, target.liberty);
  const script = add(free('map.ys'), mapped.script);
  const mappedNetlist = free('mapped/netlist.v');
  const of = { design, library: target.library, top: mapped.top };
  add(mappedNetlist, netlistText({ ...of, parameters: parametersOf(mapped.netlist, mapped.top) }, undefined));
  // Timing tools are given the bare netlist: parameters and what checks them are for benches.
  const bare = add(free('mapped/timing.v'), netlistText({ ...of, parameters: {} }, undefined));
  const models = cellModels(target.library, new Set(design.instances.map(({ cell }) => cell.name)));
  const cells = models.missing.length === 0 ? add(free('mapped/cells.v'), models.text) : undefined;
  const sdf = add(free('mapped/netlist.sdf'), writeSdf(design, timing, target.library.name));
  const constraintFile = add(free('constraints.sdc'), sdc);
  const used = add(free('mapped/used.sdc'), staConstraints(design, constraints, options));
  const sta = add(
    free('sta.tcl'),
    staScript(design, constraints, options, { liberty: target.file, netlist: bare, top: mapped.top, sdc: used }),
  );
  const listed: Listed = {
    script,
    netlist: mappedNetlist,
    bare,
    cells,
    missing: models.missing,
    sdf,
    constraints: constraintFile,
    used,
    sta,
    library: target.file,
    simulation: files.value,
  };
  add(free('Makefile'), makefile(slice, mapped, listed));
  add(free('README.txt'), readme(slice, mapped, listed, timing.report.summary));
  const sorted = Object.entries(names.files).sort(([a], [b]) => (a < b ? -1 : 1));
  await breathe(job.signal);
  return ok({
    name: `${mapped.top}-native.zip`,
    bytes: zipSync(Object.fromEntries(sorted), { level: 6, mtime: MOMENT }),
  });
}

interface Sources {
  all: Map<string, string | Uint8Array>;
  /** Compiled for a simulation, in order: of the design, and of the benches. */
  rtl: string[];
  benches: string[];
}

/** The names in the zip, of the user's files and of ours, which give way. */
interface Listed {
  script: string;
  netlist: string;
  bare: string;
  cells?: string;
  missing: string[];
  sdf: string;
  constraints: string;
  used: string;
  sta: string;
  library: string;
  simulation: Sources;
}

async function sourceFiles(slice: RtlSlice, { plan }: Mapped, job: Job): Promise<Result<Sources>> {
  const all = new Map<string, string | Uint8Array>(plan.sources.entries.map(({ alias, content }) => [alias, content]));
  const benches: string[] = [];
  const problems: Problem[] = [];
  for (const [index, file] of slice.files.entries()) {
    if (file.role !== 'bench') continue;
    const where = { file: file.path, path: `slices.rtl.files.${index}` };
    const path = normalisePath(file.path);
    if (path === undefined || all.has(path)) {
      const what = path === undefined ? 'leads out of the project' : 'is that of another file, too';
      problems.push(error('native-path', `The path '${file.path}' ${what}.`, 'Give the file another path.', where));
      continue;
    }
    const content = 'text' in file ? file.text : await job.blob(file.blob.sha256);
    if (content === undefined) {
      const what = `The contents of '${file.path}' (${'blob' in file ? file.blob.bytes : 0} bytes) are not on this machine.`;
      problems.push(error('missing-blob', what, 'Add the file again; it is recognised by its contents.', where));
      continue;
    }
    all.set(path, content);
    if (isVerilog(path)) benches.push(path);
  }
  const [first, ...rest] = problems;
  if (first) return fail(first, ...rest);
  const { prelude, sources } = plan.script;
  return ok({ all, rtl: [...(prelude === undefined ? [] : [prelude]), ...sources.map(({ name }) => name)], benches });
}

function namesIn(sources: Map<string, string | Uint8Array>) {
  const files: Record<string, Uint8Array> = Object.create(null);
  const encoder = new TextEncoder();
  /** Our files give way to files of the user's that have their names. */
  const free = (name: string): string => (name in files ? free(`crossbar-${name}`) : name);
  const add = (name: string, content: string | Uint8Array): string => {
    files[name] = typeof content === 'string' ? encoder.encode(content) : content;
    return name;
  };
  for (const [name, content] of sources) add(name, content);
  return { files, add, free };
}

/** A word of a command in a Makefile. */
function word(text: string): string {
  const quoted = /^[\w./:=+,@%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  return quoted.replaceAll('$', '$$$$').replaceAll('#', '\\#');
}

/** The command that compiles and runs a simulation with Icarus Verilog. */
function simulate(slice: RtlSlice, { plan }: Mapped, output: string, files: readonly string[], more = ''): string[] {
  const { tops, delays, specify, plusArgs } = slice.simulation;
  const { defines, includeDirs } = plan.script;
  const options = [
    '-g2012',
    `-T${delays}`,
    ...(specify ? ['-gspecify'] : []),
    ...includeDirs.map((dir) => `-I${dir}`),
    ...Object.entries(defines).map(([name, value]) => (value === '' ? `-D${name}` : `-D${name}=${value}`)),
    ...tops.flatMap((top) => ['-s', top]),
  ];
  return [
    `$(IVERILOG) ${[...options, '-o', output, ...files].map(word).join(' ')}${more}`,
    `$(VVP) -n ${[output, ...plusArgs.map((argument) => `+${argument}`)].map(word).join(' ')}`,
  ];
}

function makefile(slice: RtlSlice, mapped: Mapped, listed: Listed): string {
  const { script, netlist, cells, sta, simulation } = listed;
  const bench = simulation.benches.length > 0;
  const rtl = bench
    ? simulate(slice, mapped, 'rtl.vvp', [...simulation.rtl, ...simulation.benches])
    : ['@echo "The design has no bench."; false'];
  const gates = !bench
    ? ['@echo "The design has no bench."; false']
    : cells === undefined
      ? ['@echo "The library does not tell what all cells do: see README.txt."; false']
      : simulate(
          slice,
          mapped,
          'gates.vvp',
          [cells, netlist, ...simulation.benches],
          ' $(GATE_EXTRA) $(if $(START),-DCROSSBAR_START=$(START))',
        );
  const rule = (name: string, lines: readonly string[]) => [`${name}:`, ...lines.map((line) => `\t${line}`), ''];
  return [
    '# Goes on with native tools where Crossbar Studio was. Any other program: make YOSYS=/path/to/yosys',
    'YOSYS ?= yosys',
    'STA ?= sta',
    'IVERILOG ?= iverilog',
    'VVP ?= vvp',
    '# Sources that benches need besides the design, for gatesim.',
    'GATE_EXTRA ?=',
    '# What registers begin with in gatesim: 0, 1, or nothing for unknown.',
    'START ?=',
    '',
    '.PHONY: synth sta sim gatesim clean',
    '',
    ...rule('synth', [
      `$(YOSYS) -l synth.log ${word(script)}`,
      `$(YOSYS) -q -p 'read_json ${MAP_FILES.netlist}; write_verilog -noattr synth.v'`,
    ]),
    ...rule('sta', [`$(STA) -exit ${word(sta)} > sta.log; status=$$?; cat sta.log; exit $$status`]),
    ...rule('sim', rtl),
    ...rule('gatesim', gates),
    ...rule('clean', [
      `rm -f ${[MAP_FILES.before, MAP_FILES.area, MAP_FILES.netlist].join(' ')} synth.v synth.log sta.log rtl.vvp gates.vvp`,
    ]),
  ].join('\n');
}

function readme(slice: RtlSlice, mapped: Mapped, listed: Listed, summary: TimingSummary): string {
  const { script, netlist, bare, cells, missing, sdf, constraints, used, sta, library } = listed;
  const own = typeof mapped.target.corner === 'string';
  const slack = (value: number | null) => (value === null ? 'none' : `${value.toFixed(4)} ns`);
  const lines = [
    `${mapped.top}, mapped to the cells of ${mapped.target.library.name} by Crossbar Studio`,
    '',
    `  make synth      maps again: ${script} is the script that ran in the studio, with Yosys ${YOSYS_VERSION};`,
    `                  other versions may find other cells, and some lack its commands. Writes synth.v.`,
    `  make sta        times ${bare} with OpenSTA, by ${sta}`,
    '  make sim        runs the benches on the sources with Icarus Verilog',
    '  make gatesim    runs the benches on the mapped netlist, without delays. A bench that sets other parameters, or looks',
    '                  inside the design, cannot run there; sources it needs besides: make gatesim GATE_EXTRA="a.v b.v".',
    '                  Registers begin unknown, and gates may hide a reset from unknown values: make gatesim START=0.',
    '                  Without delays a latch whose data and enable change at once may keep the wrong one.',
    '',
    'Timing before layout, as the studio found it:',
    `  worst slack         ${slack(summary.worstSlackNs)}`,
    `  total negative      ${slack(summary.totalNegativeSlackNs)}`,
    `  worst hold slack    ${slack(summary.worstHoldSlackNs)}`,
    '',
    `  ${library}    the library${own ? ", the studio's own: a model of a 45 nm class process, of no foundry" : ''}`,
    `  ${netlist}    the mapped netlist, flat; its parameters are those it was mapped with`,
    `  ${bare}    the same without parameters, for timing tools`,
    ...(cells === undefined
      ? [`  No models of cells: the library does not tell what ${missing.slice(0, 5).join(', ')} do.`]
      : [`  ${cells}    models of its cells`]),
    `  ${sdf}    delays and checks of its cells, for simulators that read SDF; wires have none before layout`,
    `  ${constraints}    the constraints as they are written${slice.sdc.trim() === '' ? ' when nobody writes any' : ''}; times in ns, capacitances in pF`,
    `  ${used}    the same object by object, with the slews and loads that were assumed besides; ${sta} reads this`,
    '',
    slice.analysis.wireFf === 0 && slice.analysis.wirePerFanoutFf === 0
      ? 'Wires have no load.'
      : `Wires are taken as ${slice.analysis.wireFf} fF for each net and ${slice.analysis.wirePerFanoutFf} fF for each pin it feeds, where the constraints name no wire-load model; ${sta} gives every net its load.`,
    `Power: ${sta} prints what OpenSTA finds at its own activities. For activities of a bench, let it write waves`,
    '($dumpfile, $dumpvars) on the netlist and read them into a tool for power, or take the SAIF file that the studio writes.',
  ];
  const names = renamed(mapped.plan.sources);
  if (names.length > 0) {
    lines.push('', 'Files that Yosys could not read under their own names:');
    for (const [alias, path] of names) lines.push(`  ${alias}    ${path}`);
  }
  return `${lines.join('\n')}\n`;
}
