import type { Job } from '../core/job.ts';
import { error, fail, ok, type Problem, type Result } from '../core/result.ts';
import { readFileList } from '../synthesis/filelist.ts';
import type { GateNetlist } from '../synthesis/gates/types.ts';
import { gateVerilog, identifier, netPrefix } from '../synthesis/gates/verilog.ts';
import { cellModels } from '../synthesis/liberty/models.ts';
import type { Library } from '../synthesis/liberty/types.ts';
import type { RecordedBit } from '../synthesis/power/types.ts';
import type { YosysNetlist } from '../synthesis/yosys-json.ts';
import type { SimulateReport, SimulateSpec, VerilogFile } from '../verilog/types.ts';
import { hasBench, type RecordedActivity, recordedBy } from './recording.ts';
import { simulateSpecOf } from './simulation.ts';
import type { RtlSlice } from './types.ts';

const VERILOG = /\.s?v$/i;
/** What the netlist prints, and how it ends, when a bench sets a parameter to what it was not mapped with. */
const OTHER_PARAMETER = 'was mapped with another value of parameter';

export interface MappedDesign {
  design: GateNetlist;
  library: Library;
  /** Name by which benches instantiate it. */
  top: string;
  /** Values of its parameters that it was mapped with, as Verilog constants. */
  parameters: Readonly<Record<string, string>>;
  /** Delays (SDF); without, gates have none. */
  sdf?: string;
}

export interface GateBenchReport {
  report: SimulateReport;
  /** Every net of the netlist has an activity of its own. */
  recorded: RecordedActivity;
}

/**
 * Reruns the benches of a design on its mapped netlist: in place of the sources the simulator is given the netlist under the name of the top
 * module, models of the library's cells and, where there is one, an SDF file, which the netlist annotates itself with. Source files are
 * added only for modules that benches instantiate besides the design.
 *
 * Errors: `no-bench`, `gate-bench-inside` (the bench names what mapping dissolved), `gate-bench-parameter`, `gate-bench-helper`,
 * `gate-bench-model`, `gate-bench-unused`, and those of the simulator.
 * @param options `waves`: keep them in the report
 */
export async function gateBench(
  slice: RtlSlice,
  mapped: MappedDesign,
  job: Job,
  options: { waves?: boolean } = {},
): Promise<Result<GateBenchReport>> {
  if (!hasBench(slice)) {
    return fail(error('no-bench', 'There is no bench that could be run on the netlist.', 'Add a bench.'));
  }
  const used = new Set(mapped.design.instances.map(({ cell }) => cell.name));
  const models = cellModels(mapped.library, used);
  if (models.missing.length > 0) {
    return fail(
      error(
        'gate-bench-model',
        `The library does not tell what ${models.missing.join(', ')} ${models.missing.length === 1 ? 'does' : 'do'}, so the netlist cannot be simulated.`,
        'Map to cells whose functions the library gives.',
      ),
    );
  }
  const files = generatedFiles(slice, mapped, models.text);
  const helpers: string[] = [];
  for (;;) {
    const spec = specOf(slice, files, helpers, mapped.sdf !== undefined, options.waves ?? false);
    const run = await job.call<SimulateReport>('verilog/simulate', spec);
    if (run.ok) return finish(run.value, mapped);
    const unknown = run.problems.flatMap(({ code, what }) =>
      code === 'unknown-module' ? (/: (\S+)\.$/.exec(what)?.[1] ?? []) : [],
    );
    const more = sourcesFor(unknown, slice, mapped.top, helpers);
    if (!more.ok) return more;
    if (more.value.length === 0) return explain(run.problems, mapped.top);
    helpers.push(...more.value);
  }
}

interface Generated {
  files: VerilogFile[];
  /** Compiled before the benches: the time scale that they came to have from the sources. */
  first: string[];
  last: string[];
}

function generatedFiles(slice: RtlSlice, mapped: MappedDesign, models: string): Generated {
  const taken = new Set(slice.files.map(({ path }) => path));
  const free = (path: string): string => (taken.has(path) ? free(`mapped/${path}`) : path);
  const cells = free('mapped/cells.v');
  const netlist = free('mapped/netlist.v');
  const sdf = free('mapped/netlist.sdf');
  const scale = free('mapped/timescale.v');
  const files: VerilogFile[] = [
    { path: cells, text: models },
    { path: netlist, text: netlistText(mapped, mapped.sdf === undefined ? undefined : sdf) },
  ];
  if (mapped.sdf !== undefined) files.push({ path: sdf, text: mapped.sdf });
  const timescale = lastTimescale(slice);
  if (timescale) files.push({ path: scale, text: `${timescale}\n` });
  return { files, first: timescale ? [scale] : [], last: [cells, netlist] };
}

/** The netlist with the parameters of its source, so that a bench may name them, and with its delays. */
export function netlistText({ design, top, parameters }: MappedDesign, sdf: string | undefined): string {
  const lines = gateVerilog(design, top).split('\n');
  const own: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    own.push(`  parameter ${identifier(name)} = ${value};`);
    own.push(`  initial if (${identifier(name)} != ${value}) begin`);
    own.push(`    $display("%m ${OTHER_PARAMETER} ${name}");`, '    $finish;', '  end');
  }
  if (sdf !== undefined) own.push(`  initial $sdf_annotate("${sdf}");`);
  const header = lines.findIndex((line) => line.startsWith('module '));
  lines.splice(header + 1, 0, ...own);
  return lines.join('\n');
}

/** Parameters of the top module, as Yosys kept them in a mapped netlist, as Verilog constants. */
export function parametersOf({ modules }: YosysNetlist, top: string): Record<string, string> {
  const values = modules[top]?.parameter_default_values ?? {};
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, constantOf(value)]));
}

/** Yosys writes numbers as bits, and strings as they are; a string that looks like bits is followed by a blank. */
function constantOf(value: string): string {
  if (/^[01xz]+$/.test(value)) return `${value.length}'b${value}`;
  const text = /^[01xz]* $/.test(value) ? value.slice(0, -1) : value;
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** The last `timescale of the sources: what benches without one are given, which are compiled after them. */
function lastTimescale({ files }: RtlSlice): string | undefined {
  let last: string | undefined;
  for (const file of files) {
    if (file.role === 'bench' || !VERILOG.test(file.path) || !('text' in file)) continue;
    for (const [found] of file.text.matchAll(/^[ \t]*`timescale[ \t]+[^\n\r]*/gm)) last = found.trim();
  }
  return last;
}

function specOf(
  slice: RtlSlice,
  { files, first, last }: Generated,
  helpers: readonly string[],
  delays: boolean,
  waves: boolean,
): SimulateSpec {
  const { fileList, benches: _benches, ...spec } = simulateSpecOf(slice);
  const benches = slice.files.flatMap(({ role, path }) => (role === 'bench' && VERILOG.test(path) ? [path] : []));
  const text = (path: string) => {
    const file = slice.files.find((one) => one.path === path);
    return file && 'text' in file ? file.text : undefined;
  };
  const list = fileList === undefined ? undefined : readFileList(fileList, text);
  return {
    ...spec,
    files: [...spec.files, ...files],
    compiled: [...first, ...helpers, ...benches, ...last],
    defines: { ...list?.defines, ...spec.defines },
    includeDirs: [...spec.includeDirs, ...(list?.includeDirs ?? [])],
    specify: delays || spec.specify,
    record: 'all',
    bits: true,
    waves,
  };
}

/** Source files of modules that benches need besides the design. */
function sourcesFor(
  modules: readonly string[],
  { files }: RtlSlice,
  top: string,
  present: readonly string[],
): Result<string[]> {
  const found = new Set<string>();
  for (const module of modules) {
    const file = files.find(
      (one) => one.role !== 'bench' && VERILOG.test(one.path) && 'text' in one && defines(one.text, module),
    );
    if (!file || present.includes(file.path)) continue;
    if ('text' in file && defines(file.text, top)) {
      return fail(
        error(
          'gate-bench-helper',
          `The bench instantiates '${module}', which stands in the same file as '${top}': it cannot be had without the source of the design.`,
          `Move '${module}' to a file of its own.`,
          { file: file.path },
        ),
      );
    }
    found.add(file.path);
  }
  return ok([...found]);
}

function defines(text: string, module: string): boolean {
  const name = module.replace(/\W/g, '\\$&');
  return new RegExp(`(?:^|[\\s;])module\\s+(?:automatic\\s+)?\\\\?${name}(?![\\w$])`).test(text);
}

/** Names that a bench reaches by, and that are gone, said as such. */
function explain(problems: readonly Problem[], top: string): Result<never> {
  const inside = problems.filter(({ code, what }) => code === 'unknown-name' && /"[^"]*\.[^"]*"/.test(what));
  const [first] = inside;
  if (first) {
    const names = [...new Set(inside.map(({ what }) => /"([^"]*)"/.exec(what)?.[1] ?? ''))];
    const shown = names.slice(0, 8).join(', ');
    return fail(
      error(
        'gate-bench-inside',
        `The bench reaches inside '${top}' by names that its mapped netlist no longer has: ${shown}${names.length > 8 ? `, and ${names.length - 8} more` : ''}.`,
        'Let the bench look at the ports only, or run it on the source.',
        first.where,
      ),
      ...problems.filter((problem) => !inside.includes(problem)),
    );
  }
  const parameter = problems.find(({ code }) => code === 'no-parameter');
  if (parameter) {
    return fail(
      error(
        'gate-bench-parameter',
        `The netlist has no such parameter: ${parameter.what}`,
        parameter.remedy,
        parameter.where,
      ),
      ...problems.filter((problem) => problem !== parameter),
    );
  }
  const [one, ...rest] = problems;
  return fail(one ?? error('gate-bench-failed', 'The simulator did not say what is wrong.'), ...rest);
}

function finish(report: SimulateReport, { design, top }: MappedDesign): Result<GateBenchReport> {
  const other = report.console.find(({ text }) => text.includes(OTHER_PARAMETER));
  if (other) {
    return fail(
      error(
        'gate-bench-parameter',
        `The bench sets a parameter to another value than the design was mapped with: ${other.text}.`,
        'Map the design with the parameters that the bench sets.',
      ),
    );
  }
  const nets = instancesOf(report, design);
  const [instance, ...others] = [...nets.keys()].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  if (instance === undefined) {
    return fail(
      error(
        'gate-bench-unused',
        `The bench does not instantiate '${top}'.`,
        'Choose the bench of this module, or the top that it is for.',
      ),
    );
  }
  const made = recordedBy(report, instance);
  if (!made.ok) return made;
  const recorded = made.value;
  if (others.length > 0) {
    recorded.problems.push({
      code: 'gate-bench-several',
      severity: 'warning',
      what: `The bench has '${top}' as ${[instance, ...others].join(', ')}; the activity is that of '${instance}'.`,
    });
  }
  return ok({
    report,
    recorded: {
      ...recorded,
      recording: { ...recorded.recording, bits: named(recorded, instance, nets.get(instance)!, design) },
    },
  });
}

/** Where the netlist is in the simulation: paths of its instances, with the number of the net of each recorded wire. */
function instancesOf({ activity, tops }: SimulateReport, design: GateNetlist): Map<string, Map<string, number>> {
  const prefix = netPrefix(design);
  const found = new Map<string, Map<string, number>>();
  for (const { path } of activity) {
    const dot = path.lastIndexOf('.');
    const name = path.slice(dot + 1);
    const number = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (!/^\d+$/.test(number) || Number(number) >= design.nets.length) continue;
    const instance = path.slice(0, Math.max(0, dot));
    const nets = found.get(instance) ?? new Map<string, number>();
    found.set(instance, nets.set(path, Number(number)));
  }
  // Wires of like names in benches are none of the netlist.
  // A netlist that no bench instantiates is a top of its own, which nothing drives.
  for (const [instance, nets] of found) {
    if (nets.size < design.nets.length || tops.includes(instance)) found.delete(instance);
  }
  return found;
}

/** Wires of the netlist under the names of their nets. */
function named(
  { recording }: RecordedActivity,
  instance: string,
  nets: ReadonlyMap<string, number>,
  design: GateNetlist,
): RecordedBit[] {
  return recording.bits.flatMap((bit) => {
    const net = nets.get(bit.path);
    if (net === undefined) return [];
    const { name, aliases } = design.nets[net]!;
    return [{ ...bit, path: `${instance}.${aliases[0] ?? name.replaceAll('/', '.')}` }];
  });
}
