import type { Report } from '../../../../engines/core/report.ts';
import type { DesignDocument } from '../../../../engines/document/index.ts';
import { newDocument } from '../../../../engines/document/index.ts';
import { slice } from '../../../../engines/rtl/slice.ts';
import type { PpaReport, ProofReport, RtlReport, RtlSlice } from '../../../../engines/rtl/types.ts';
import type { YosysCell, YosysModule } from '../../../../engines/synthesis/yosys-json.ts';
import type { SimulateReport } from '../../../../engines/verilog/types.ts';
import { WaveDatabase } from '../../../../engines/verilog/wave/database.ts';
import { EMPTY_VIEW } from '../../../../engines/verilog/wave/view.ts';
import type { LessonContext } from '../../../lessons/types.ts';
import { valueAt } from '../wave/values.ts';
import { evaluate } from './evaluate.ts';

/** The design that a lesson starts from: one file, its module found by the engine. */
export function designOf(title: string, path: string, text: string): DesignDocument {
  return newDocument('rtl', { ...slice.defaults, files: [{ path, text }] }, { title });
}

/** The same design with this one file as its only source. */
export function withSource(document: DesignDocument, path: string, text: string): DesignDocument {
  const before = document.slices.rtl as RtlSlice;
  const after: RtlSlice = { ...before, files: [{ path, text }], top: '', parameters: {}, fileList: '' };
  return { ...document, slices: { ...document.slices, rtl: after } };
}

/** What this lab tells lessons: its synthesis, and what else was run. */
type LessonReport = Report<object> & { simulation?: SimulateReport; ppa?: PpaReport; proof?: ProofReport };

/** What the lab has found out about the design as it stands. */
export interface Found {
  synthesis?: RtlReport;
  simulation?: SimulateReport;
  ppa?: PpaReport;
  proof?: ProofReport;
}

export function reportForLessons({ synthesis, simulation, ppa, proof }: Found): LessonReport | undefined {
  const base = synthesis ?? simulation ?? ppa ?? proof;
  return base && { ...base, ...(simulation && { simulation }), ...(ppa && { ppa }), ...(proof && { proof }) };
}

/** Power, performance and area, once they are there. */
export function ppaOf(context: LessonContext): PpaReport | undefined {
  return (context.report as LessonReport | undefined)?.ppa;
}

/** The verdict of the proof, once there is one. */
export function proofOf(context: LessonContext): ProofReport | undefined {
  return (context.report as LessonReport | undefined)?.proof;
}

/** The run of the bench, once it has ended. */
export function simulation(context: LessonContext): SimulateReport | undefined {
  return (context.report as LessonReport | undefined)?.simulation;
}

/** An explanation that reads the run: until there is one it says so. */
export function afterRun(say: (context: LessonContext) => string): (context: LessonContext) => string {
  return (context) => (simulation(context) ? say(context) : 'The bench of this step’s design has not run yet.');
}

/** The value of a signal at a time in nanoseconds, in binary; undefined before the run, or when there is no such signal. */
export function valueIn(context: LessonContext, path: string, timeNs: number): string | undefined {
  const report = simulation(context);
  if (!report) return undefined;
  const database = new WaveDatabase();
  for (const delta of report.waves) database.append(delta);
  return valueAt(
    database,
    { ...EMPTY_VIEW, signals: [{ path, radix: 'binary' }] },
    path,
    timeNs * 10 ** (-9 - report.precision),
  );
}

/** A design with a bench, shown in the simulation's view with these signals. */
export function benchOf(
  title: string,
  file: { path: string; text: string },
  bench: { path: string; text: string; top: string },
  signals: readonly string[],
): DesignDocument {
  const design = newDocument(
    'rtl',
    {
      ...slice.defaults,
      files: [file, { path: bench.path, text: bench.text, role: 'bench' }],
      simulation: { ...slice.defaults.simulation, tops: [bench.top] },
    },
    { title },
  );
  return {
    ...design,
    view: { 'rtl.view': 'simulation', 'rtl.waves': { ...EMPTY_VIEW, signals: signals.map((path) => ({ path })) } },
  };
}

/** The same design with another text in one of its files. */
export function withText(document: DesignDocument, path: string, text: string): DesignDocument {
  const before = document.slices.rtl as RtlSlice;
  const files = before.files.map((file) => (file.path === path ? { ...file, text } : file));
  return { ...document, slices: { ...document.slices, rtl: { ...before, files } } };
}

/** The report, once gates have been counted. */
export function gates(context: LessonContext): RtlReport | undefined {
  const report = context.report as RtlReport | undefined;
  return report?.stage === 'gates' ? report : undefined;
}

export function sourceOf(document: DesignDocument): string {
  const files = (document.slices.rtl as RtlSlice).files;
  return files.map((file) => ('text' in file ? file.text : '')).join('\n');
}

/** The top module at word level: what the schematic draws. */
export function wordLevel(report: RtlReport): YosysModule | undefined {
  return report.artefacts[0].data.modules[report.top];
}

/** The symbols of the schematic that are of one of these types. */
export function symbols(report: RtlReport, ...types: string[]): YosysCell[] {
  return Object.values(wordLevel(report)?.cells ?? {}).filter((cell) => types.includes(cell.type));
}

/** Bits of a port of the top module; 0 when there is none of that name. */
export function portBits(report: RtlReport, name: string): number {
  return wordLevel(report)?.ports[name]?.bits.length ?? 0;
}

/**
 * Gates that came from the line that assigns `name` by a continuous assignment; 0 when the line has cost nothing.
 * Undefined when there is no such line.
 */
export function cellsOfAssign(context: LessonContext, name: string): number | undefined {
  const report = gates(context);
  const files = (context.document.slices.rtl as RtlSlice).files;
  for (const file of files) {
    if (!('text' in file)) continue;
    const line = file.text.split('\n').findIndex((text) => new RegExp(`^\\s*assign\\s+${name}\\s*=`).test(text)) + 1;
    if (line === 0) continue;
    return report && (report.cellsByLine.find((each) => each.file === file.path && each.line === line)?.cells ?? 0);
  }
  return undefined;
}

/** "1 gate", "12 gates". */
export function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`;
}

/**
 * Whether an output may be this function of the inputs: false when it is seen to differ for one of the samples; true also
 * when the netlist is of a kind that cannot be computed here.
 */
export function agrees(
  report: RtlReport,
  output: string,
  samples: readonly Record<string, number>[],
  expected: (inputs: Record<string, number>) => number,
): boolean {
  const module = wordLevel(report);
  return (
    module !== undefined &&
    samples.every((inputs) => {
      const value = evaluate(module, inputs, output);
      return value === undefined || value === expected(inputs);
    })
  );
}
