/**
 * Where the lines of an earlier text are in a later one, by their common beginning and end: what lies between has no
 * counterpart (undefined). Lines count from 1.
 */
export function lineMap(earlier: string, later: string): (line: number) => number | undefined {
  if (earlier === later) return (line) => line;
  const a = earlier.split('\n');
  const b = later.split('\n');
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  // A single edited line keeps what was said of it.
  const same = a.length === b.length && a.length - head - tail === 1;
  return (line) => {
    if (line <= head) return line;
    if (line > a.length - tail) return line + b.length - a.length;
    return same ? line : undefined;
  };
}
