/** A stretch of a reading against the line that it reads. */
export interface Piece {
  /** `wrong`: another character stands there; `extra`: nothing does; `missing`: what was left out. */
  kind: 'same' | 'wrong' | 'extra' | 'missing';
  /** What was read; of what is missing: what stands in the line. */
  text: string;
  /** Of a wrong one: what stands in the line. */
  is?: string;
}

/**
 * A reading in pieces, by the fewest edits (Levenshtein). Blanks count as little as in the character error rate: they are
 * shown where they were read, and are never wrong. Pieces that are not `same` are single characters, one for each edit.
 */
export function alignReading(line: string, read: string): Piece[] {
  const a = [...line.replaceAll(' ', '')];
  const b = [...read.replaceAll(' ', '')];
  const cost = costs(a, b);
  const backwards: Piece[] = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 || j > 0) {
    const now = cost[i]![j]!;
    if (i > 0 && j > 0 && now === cost[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)) {
      const [is, text] = [a[--i]!, b[--j]!];
      backwards.push(is === text ? { kind: 'same', text } : { kind: 'wrong', text, is });
    } else if (j > 0 && now === cost[i]![j - 1]! + 1) {
      backwards.push({ kind: 'extra', text: b[--j]! });
    } else {
      backwards.push({ kind: 'missing', text: a[--i]! });
    }
  }
  return withBlanks(backwards.reverse(), read);
}

/** Edits from the first `i` characters of one to the first `j` of the other. */
function costs(a: readonly string[], b: readonly string[]): number[][] {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (const [i, character] of a.entries()) {
    const row = [i + 1];
    for (const [j, other] of b.entries()) {
      row.push(Math.min(row[j]! + 1, rows[i]![j + 1]! + 1, rows[i]![j]! + (character === other ? 0 : 1)));
    }
    rows.push(row);
  }
  return rows;
}

function withBlanks(pieces: readonly Piece[], read: string): Piece[] {
  const characters = [...read];
  const all: Piece[] = [];
  let at = 0;
  const push = (piece: Piece) => {
    const last = all[all.length - 1];
    if (last?.kind === 'same' && piece.kind === 'same') last.text += piece.text;
    else all.push({ ...piece });
  };
  const blanks = () => {
    while (characters[at] === ' ') {
      push({ kind: 'same', text: ' ' });
      at += 1;
    }
  };
  for (const piece of pieces) {
    blanks();
    push(piece);
    if (piece.kind !== 'missing') at += 1;
  }
  blanks();
  return all;
}

/** Edits that an alignment holds. */
export function editsOf(pieces: readonly Piece[]): number {
  return pieces.filter(({ kind }) => kind !== 'same').length;
}
