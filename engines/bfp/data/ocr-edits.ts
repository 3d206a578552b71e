export interface Edits {
  /** Insertions, deletions and substitutions between what is there and what was read. */
  edits: number;
  /** Characters that are there. */
  characters: number;
}

/** Levenshtein distance between a line and its reading, blanks left out of both (facts: quantization, 7.4). */
export function characterEdits(line: string, read: string): Edits {
  const [a, b] = [[...line.replaceAll(' ', '')], [...read.replaceAll(' ', '')]];
  let before = b.map((_, index) => index);
  before.push(b.length);
  for (const [i, character] of a.entries()) {
    const row = [i + 1];
    for (const [j, other] of b.entries()) {
      row.push(Math.min(row[j]! + 1, before[j + 1]! + 1, before[j]! + (character === other ? 0 : 1)));
    }
    before = row;
  }
  return { edits: before[b.length]!, characters: a.length };
}
