import type { Ranges } from './types.ts';

/** Numbers as ranges; each once, ascending. */
export function rangesOf(numbers: Iterable<number>): Ranges {
  const ranges: [number, number][] = [];
  for (const each of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === each - 1) last[1] = each;
    else ranges.push([each, each]);
  }
  return ranges;
}

export function numbersOf(ranges: Ranges): number[] {
  return ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
}

export function printRanges(ranges: Ranges): string {
  return ranges.length === 0 ? '-' : ranges.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(',');
}

/** Undefined: the text is none. */
export function parseRanges(text: string): Ranges | undefined {
  if (text === '-') return [];
  const numbers: number[] = [];
  for (const part of text.split(',')) {
    const found = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!found) return undefined;
    const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
    if (last < first || last > 1e6) return undefined;
    for (let each = first; each <= last; each++) numbers.push(each);
  }
  return new Set(numbers).size === numbers.length ? rangesOf(numbers) : undefined;
}
