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

type Fields = readonly (keyof RtlSlice)[];

const SOURCES: Fields = ['files', 'top', 'parameters', 'defines', 'includeDirs', 'fileList'];
const SIMULATION: Fields = [...SOURCES, 'simulation'];
const SYNTHESIS: Fields = [...SOURCES, 'flatten'];
const MAPPING: Fields = [...SYNTHESIS, 'script', 'library', 'corner', 'clockNs', 'sdc', 'analysis'];
const PROOF: Fields = [...SOURCES, 'proof', 'against'];

/** Whether two specs ask for the same synthesis: benches and how they run have no part in it. */
export function sameSpec(a: RtlSlice, b: RtlSlice): boolean {
  return a === b || sameJson(designPart(a, SYNTHESIS), designPart(b, SYNTHESIS));
}

/** Whether two specs ask for the same simulation. */
export function sameSimulation(a: RtlSlice, b: RtlSlice): boolean {
  return a === b || sameJson(part(a, SIMULATION), part(b, SIMULATION));
}

/** Whether two specs ask for the same power, performance and area. A recorded activity comes from the benches, or a file. */
export function samePpa(a: RtlSlice, b: RtlSlice): boolean {
  if (a === b) return true;
  if (a.analysis.activity === 'recorded')
    return sameJson(part(a, [...MAPPING, 'simulation']), part(b, [...MAPPING, 'simulation']));
  return sameJson(designPart(a, MAPPING), designPart(b, MAPPING));
}

/** Whether two specs ask for the same proof. */
export function sameProof(a: RtlSlice, b: RtlSlice): boolean {
  return a === b || sameJson(designPart(a, PROOF), designPart(b, PROOF));
}

function part(slice: RtlSlice, fields: Fields) {
  return fields.map((field) => slice[field]);
}

function designPart(slice: RtlSlice, fields: Fields) {
  return part({ ...slice, files: slice.files.filter((file) => file.role !== 'bench') }, fields);
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
