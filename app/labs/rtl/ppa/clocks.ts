const NUMBER = String.raw`\d+(?:\.\d*)?|\.\d+`;
const RANGE = new RegExp(String.raw`^(${NUMBER})\s*\.\.\s*(${NUMBER})(?:\s+step\s+(${NUMBER}))?$`, 'i');
const SINGLE = new RegExp(`^(?:${NUMBER})$`);

export const MOST_CLOCKS = 100;

/** Clock periods as people write them, "0.5, 1, 2" or "0.5..2 step 0.25" (in four steps when none is given): rising, each once; or what is wrong, as a sentence. */
export function readClocks(text: string): { values: number[] } | { fault: string } {
  const pieces = text
    .replaceAll(/\s*ns\b/gi, '')
    .split(/[,;]/)
    .flatMap((piece) => (/\.\.|step/i.test(piece) ? [piece.trim()] : piece.trim().split(/\s+/)))
    .filter((piece) => piece !== '');
  if (pieces.length === 0) return { fault: 'Write at least one period, in ns.' };
  const values: number[] = [];
  for (const piece of pieces) {
    const range = RANGE.exec(piece);
    if (range) {
      const [from, to] = [Number(range[1]), Number(range[2])];
      const step = range[3] === undefined ? (to - from) / 4 : Number(range[3]);
      if (!(from > 0) || to < from)
        return { fault: `${piece} is no range: the first period is above 0, and at most the last.` };
      if (to === from) values.push(from);
      else if (!(step > 0)) return { fault: `The step of ${piece} must be above 0.` };
      else if ((to - from) / step > MOST_CLOCKS) return { fault: `${piece} has more than ${MOST_CLOCKS} periods.` };
      else for (let at = 0; from + at * step <= to * (1 + 1e-9); at += 1) values.push(tidyNumber(from + at * step));
    } else if (SINGLE.test(piece) && Number(piece) > 0) values.push(Number(piece));
    else return { fault: `“${piece}” is no period: write 0.5, 1, 2 or 0.5..2 step 0.25, in ns.` };
  }
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  return sorted.length > MOST_CLOCKS ? { fault: `At most ${MOST_CLOCKS} periods.` } : { values: sorted };
}

function tidyNumber(value: number): number {
  return Number(value.toPrecision(10));
}
