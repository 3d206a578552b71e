import { sameJson } from '../../../../engines/document/json.ts';
import type { RtlSlice, SourceFile } from '../../../../engines/rtl/types.ts';
import type { Pending } from '../editor/typing.ts';

/** The slice with what is being typed in place of the texts of the document: what a check runs on. */
export function withPending(slice: RtlSlice, pending: Pending): RtlSlice {
  if (pending.size === 0) return slice;
  return {
    ...slice,
    files: slice.files.map((file) => {
      const text = pending.get(file.path);
      return text === undefined ? file : withText(file, text);
    }),
  };
}

/** A file with another text; its role stays. */
export function withText(file: SourceFile, text: string): SourceFile {
  return { path: file.path, text, ...(file.role && { role: file.role }) };
}

/** Whether two specs ask for the same synthesis: benches and how they run have no part in it. */
export function sameSpec(a: RtlSlice, b: RtlSlice): boolean {
  return a === b || sameJson(synthesisPart(a), synthesisPart(b));
}

function synthesisPart({ simulation: _simulation, task: _task, ...slice }: RtlSlice) {
  return { ...slice, files: slice.files.filter((file) => file.role !== 'bench') };
}

/** Whether two specs ask for the same simulation. */
export function sameSimulation(a: RtlSlice, b: RtlSlice): boolean {
  return a === b || sameJson(simulationPart(a), simulationPart(b));
}

function simulationPart({ task: _task, flatten: _flatten, ...slice }: RtlSlice) {
  return slice;
}

export function sameFile(a: SourceFile | undefined, b: SourceFile | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.path !== b.path || a.role !== b.role) return false;
  if ('text' in a) return 'text' in b && a.text === b.text;
  return 'blob' in b && a.blob.sha256 === b.blob.sha256;
}

/** The text of a file of a spec; undefined when it is not there or kept as a blob. */
export function textOf(spec: RtlSlice, path: string): string | undefined {
  const file = spec.files.find((each) => each.path === path);
  return file && 'text' in file ? file.text : undefined;
}
