const STOPS = 5;

/** A place on the ramp for quantities and for ordered things, as CSS; `share` is clamped to 0..1. */
export function rampColour(share: number): string {
  const at = Math.min(Math.max(share, 0), 1) * (STOPS - 1);
  const low = Math.min(Math.floor(at), STOPS - 2);
  const part = at - low;
  if (part === 0) return `var(--r${low})`;
  return `color-mix(in srgb, var(--r${low + 1}) ${(100 * part).toFixed(1)}%, var(--r${low}))`;
}

/** The ramp as numbers: `steps` colours between the stops, each [red, green, blue] of 0..255. Stops as "#rrggbb" or "#rgb". */
export function rampSteps(stops: readonly string[], steps: number): [number, number, number][] {
  const parsed = stops.map(parseHex);
  return Array.from({ length: steps }, (_, index) => {
    const at = (index / Math.max(1, steps - 1)) * (parsed.length - 1);
    const low = Math.min(Math.floor(at), parsed.length - 2);
    const part = at - low;
    const [from, to] = [parsed[low] ?? [0, 0, 0], parsed[low + 1] ?? [0, 0, 0]];
    return [0, 1, 2].map((channel) => Math.round(from[channel]! + (to[channel]! - from[channel]!) * part)) as [
      number,
      number,
      number,
    ];
  });
}

/** "#0068a8" as [0, 104, 168]; black for what is no such colour. */
export function parseHex(text: string): [number, number, number] {
  const digits = text.trim().replace('#', '');
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const value = /^[0-9a-f]{6}$/i.test(full) ? Number.parseInt(full, 16) : 0;
  return [value >> 16, (value >> 8) & 255, value & 255];
}
