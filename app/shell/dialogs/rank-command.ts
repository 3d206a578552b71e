/**
 * How well a command answers what was typed, 0 (not at all) to 1: every word typed must begin a word of the label or of
 * the group; the more of them in the label, and the earlier the first, the better.
 */
export function rankCommand(_id: string, search: string, [label = '', group = '']: string[] = []): number {
  const wanted = words(search);
  if (wanted.length === 0) return 1;
  const own = words(label);
  const around = words(group);
  let score = 0;
  for (const word of wanted) {
    const place = own.findIndex((each) => each.startsWith(word));
    if (place >= 0) score += 1 / (1 + place * 0.1);
    else if (around.some((each) => each.startsWith(word))) score += 0.3;
    else return 0;
  }
  return score / wanted.length;
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
