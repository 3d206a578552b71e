import type { Place } from '../../../../engines/core/result.ts';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import { lineMap } from '../editor/line-map.ts';
import { textOf } from '../run/spec.ts';
import { currentDesign } from '../session.ts';
import { type LineSpan, openPlace, useRtl } from '../state.ts';

/** Where a place of an analysed design is in the text of this moment; undefined where that line has changed. */
function here(spec: RtlSlice, now: RtlSlice, { file, line }: Place): LineSpan | undefined {
  if (file === undefined || line === undefined) return undefined;
  const [before, after] = [textOf(spec, file), textOf(now, file)];
  const at = before === undefined || after === undefined ? line : lineMap(before, after)(line);
  return at === undefined ? undefined : { file, line: at, endLine: at };
}

/** Tints lines in the source, and opens the first one's file where none of them is in sight. None: takes the tint away. */
export function linkPlaces(spec: RtlSlice, places: readonly (Place | undefined)[]): void {
  const now = currentDesign();
  const seen = new Set<string>();
  const linked: LineSpan[] = [];
  for (const place of places) {
    const span = place && here(spec, now, place);
    if (!span || seen.has(`${span.file}:${span.line}`)) continue;
    seen.add(`${span.file}:${span.line}`);
    linked.push(span);
  }
  const { openFile } = useRtl.getState();
  const [first] = linked;
  const elsewhere = first !== undefined && !linked.some(({ file }) => file === openFile);
  useRtl.setState({ linked, ...(elsewhere && { goal: { place: { file: first.file }, focus: false } }) });
}

/** Puts the caret on the line, and shows its cells in the other views. */
export function openHere(spec: RtlSlice, place: Place | undefined): void {
  if (!place?.file) return;
  const span = here(spec, currentDesign(), place);
  openPlace(span ? { file: span.file, line: span.line } : { file: place.file });
  if (span) useRtl.setState({ pickedLine: { file: span.file, line: span.line }, linked: [span] });
}

/** "alu.v:12", for tables; empty where no line is known. */
export function lineText(place: Place | undefined): string {
  return place?.file === undefined ? '' : `${place.file}${place.line === undefined ? '' : `:${place.line}`}`;
}
