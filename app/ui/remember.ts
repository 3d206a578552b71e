/** Small choices of this browser (sizes of panels, theme). Where storage is forbidden they last as long as the page. */
const PREFIX = 'crossbar.';
const held = new Map<string, string>();

/** The kept value, or `fallback` when there is none or `fits` refuses it. */
export function recall<T>(key: string, fallback: T, fits: (value: unknown) => value is T): T {
  let text: string | null | undefined;
  try {
    text = localStorage.getItem(PREFIX + key);
  } catch {
    text = undefined;
  }
  text ??= held.get(key);
  if (text === undefined) return fallback;
  try {
    const value: unknown = JSON.parse(text);
    return fits(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

export function remember(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  held.set(key, text);
  try {
    localStorage.setItem(PREFIX + key, text);
  } catch {
    // Kept for this page only.
  }
}
