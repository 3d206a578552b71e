/** A typed number: grouped digits, a decimal comma and a real minus are understood. NaN for anything else. */
function readNumber(text: string): number {
  const tidy = text
    .replace(/[\s_\u00a0\u2009\u202f]/g, '')
    .replace('\u2212', '-')
    .replace(',', '.');
  return tidy === '' ? Number.NaN : Number(tidy);
}

/**
 * Whether an answer is the engine's. Whole numbers must be met exactly, other numbers to one percent; words are compared
 * without regard to case and spaces at the ends.
 */
export function isRight(given: string, wanted: string | number): boolean {
  if (typeof wanted === 'string') return given.trim().toLowerCase() === wanted.trim().toLowerCase();
  const value = readNumber(given);
  if (Number.isInteger(wanted)) return value === wanted;
  return Math.abs(value - wanted) <= Math.abs(wanted) * 0.01;
}

/** Splits a paragraph at its backticks: every other piece is code. */
export function pieces(text: string): { text: string; code: boolean }[] {
  return text
    .split('`')
    .map((piece, index) => ({ text: piece, code: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
