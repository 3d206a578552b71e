/** A replacement in a text: at `at`, `removed` gives way to `inserted`. */
export interface Splice {
  /** Offset in UTF-16 code units in the text before any splice of the same list. */
  at: number;
  removed: string;
  inserted: string;
}

/** More differing lines than this make one splice of the whole region: the search is quadratic in them. */
const MOST_LINES = 400;

/** The replacements, in ascending order and not touching, that lead from `before` to `after`. Empty for equal texts. */
export function diffText(before: string, after: string): Splice[] {
  const [old, now] = [splitLines(before), splitLines(after)];
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const start = lengthOf(old.slice(0, head));
  return diffLines(old.slice(head, old.length - tail), now.slice(head, now.length - tail))
    .map((hunk) => trim({ ...hunk, at: hunk.at + start }))
    .filter(({ removed, inserted }) => removed !== inserted);
}

/** @throws when the text does not read `removed` at a splice's place. */
export function spliceText(text: string, splices: readonly Splice[]): string {
  let result = '';
  let end = 0;
  for (const { at, removed, inserted } of splices) {
    if (at < end || !text.startsWith(removed, at))
      throw new Error(`The text delta does not fit the text at offset ${at}.`);
    result += text.slice(end, at) + inserted;
    end = at + removed.length;
  }
  return result + text.slice(end);
}

/** The splices that take `spliceText(text, splices)` back to `text`. */
export function invertSplices(splices: readonly Splice[]): Splice[] {
  let shift = 0;
  return splices.map(({ at, removed, inserted }) => {
    const inverse = { at: at + shift, removed: inserted, inserted: removed };
    shift += inserted.length - removed.length;
    return inverse;
  });
}

/** Leaves out what both sides begin and end with. */
function trim({ at, removed, inserted }: Splice): Splice {
  const shorter = Math.min(removed.length, inserted.length);
  let head = 0;
  while (head < shorter && removed.charCodeAt(head) === inserted.charCodeAt(head)) head++;
  while (head > 0 && (isInside(removed, head) || isInside(inserted, head))) head--;
  let tail = 0;
  while (tail < shorter - head && removed.at(-1 - tail) === inserted.at(-1 - tail)) tail++;
  while (tail > 0 && (isInside(removed, removed.length - tail) || isInside(inserted, inserted.length - tail))) tail--;
  return {
    at: at + head,
    removed: removed.slice(head, removed.length - tail),
    inserted: inserted.slice(head, inserted.length - tail),
  };
}

/** True between the halves of a surrogate pair or of a CR LF: no place for an editor to cut. */
function isInside(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const left = text.charCodeAt(at - 1);
  const right = text.charCodeAt(at);
  if (left === 0x0d) return right === 0x0a;
  return left >= 0xd800 && left < 0xdc00 && right >= 0xdc00 && right < 0xe000;
}

/** Lines with their line ends. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function lengthOf(lines: string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

/** Myers' greedy algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986), on lines. */
function diffLines(before: string[], after: string[]): Splice[] {
  const whole = [{ at: 0, removed: before.join(''), inserted: after.join('') }];
  const most = Math.min(before.length + after.length, MOST_LINES);
  // furthest[k + most]: how far into `before` a path with `k` more removals than insertions has come.
  const furthest = new Int32Array(2 * most + 2);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    trace.push(furthest.slice());
    for (let k = -edits; k <= edits; k += 2) {
      const at = k + most;
      const isInsert = k === -edits || (k !== edits && furthest[at - 1]! < furthest[at + 1]!);
      let x = isInsert ? furthest[at + 1]! : furthest[at - 1]! + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++;
      furthest[at] = x;
      if (x >= before.length && x - k >= after.length) return hunksOf(before, after, trace, most);
    }
  }
  return whole;
}

/** Walks the trace back from the end and joins neighbouring edits into hunks. */
function hunksOf(before: string[], after: string[], trace: Int32Array[], most: number): Splice[] {
  const hunks: { x: number; y: number; xEnd: number; yEnd: number }[] = [];
  let x = before.length;
  let y = after.length;
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const furthest = trace[edits]!;
    const k = x - y;
    const at = k + most;
    const isInsert = k === -edits || (k !== edits && furthest[at - 1]! < furthest[at + 1]!);
    const fromX = furthest[isInsert ? at + 1 : at - 1]!;
    const fromY = fromX - (isInsert ? k + 1 : k - 1);
    const [toX, toY] = isInsert ? [fromX, fromY + 1] : [fromX + 1, fromY];
    const later = hunks.at(-1);
    if (later && later.x === toX && later.y === toY) Object.assign(later, { x: fromX, y: fromY });
    else hunks.push({ x: fromX, y: fromY, xEnd: toX, yEnd: toY });
    x = fromX;
    y = fromY;
  }
  const offsets = [0];
  for (const line of before) offsets.push(offsets.at(-1)! + line.length);
  return hunks.reverse().map((hunk) => ({
    at: offsets[hunk.x]!,
    removed: before.slice(hunk.x, hunk.xEnd).join(''),
    inserted: after.slice(hunk.y, hunk.yEnd).join(''),
  }));
}
