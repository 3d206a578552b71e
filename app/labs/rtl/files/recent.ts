const KEPT = 8;
const texts = new Map<string, string>();

/** Remembers a text that was just stored as a blob: it is on the screen while the storage still writes. */
export function rememberText(sha256: string, text: string): void {
  texts.delete(sha256);
  texts.set(sha256, text);
  const [oldest] = texts.keys();
  if (texts.size > KEPT && oldest !== undefined) texts.delete(oldest);
}

/** One of the last texts stored as a blob, by its hash. */
export function recentText(sha256: string): string | undefined {
  return texts.get(sha256);
}
