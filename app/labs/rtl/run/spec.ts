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
      return text === undefined ? file : { path: file.path, text };
    }),
  };
}

/** Whether two specs ask for the same run. */
export function sameSpec(a: RtlSlice, b: RtlSlice): boolean {
  return sameJson(a, b);
}

export function sameFile(a: SourceFile | undefined, b: SourceFile | undefined): boolean {
  if (a === b) return true;
  if (!a || !b || a.path !== b.path) return false;
  if ('text' in a) return 'text' in b && a.text === b.text;
  return 'blob' in b && a.blob.sha256 === b.blob.sha256;
}

/** The text of a file of a spec; undefined when it is not there or kept as a blob. */
export function textOf(spec: RtlSlice, path: string): string | undefined {
  const file = spec.files.find((each) => each.path === path);
  return file && 'text' in file ? file.text : undefined;
}
