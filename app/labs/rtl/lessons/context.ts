import type { DesignDocument } from '../../../../engines/document/index.ts';
import { newDocument } from '../../../../engines/document/index.ts';
import { slice } from '../../../../engines/rtl/slice.ts';
import type { RtlReport, RtlSlice } from '../../../../engines/rtl/types.ts';
import type { YosysCell, YosysModule } from '../../../../engines/synthesis/yosys-json.ts';
import type { LessonContext } from '../../../lessons/types.ts';
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
