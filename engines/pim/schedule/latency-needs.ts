import type { Need } from './latency-types.ts';

/** Windows that each read a run of pixels of their own. */
export function blocks(rows: number, each: number): Need {
  const start = Int32Array.from({ length: rows + 1 }, (_, row) => row * each);
  return { how: 'listed', start, pixel: Int32Array.from({ length: rows * each }, (_, at) => at) };
}

/** Windows that read the pixels of their pieces. */
export function listed(windows: number, pieces: (window: number) => readonly { pixel: number }[]): Need {
  const start = new Int32Array(windows + 1);
  const pixel: number[] = [];
  for (let window = 0; window < windows; window++) {
    const found = new Set(pieces(window).map((piece) => piece.pixel));
    found.delete(-1);
    for (const one of [...found].sort((a, b) => a - b)) pixel.push(one);
    start[window + 1] = pixel.length;
  }
  return { how: 'listed', start, pixel: Int32Array.from(pixel) };
}

/** The same by the places of the elements. */
export function listedPlaces(places: Int32Array, channels: number, channelsFrom: number): Need {
  const windows = places.length / channels;
  const start = new Int32Array(windows + 1);
  const pixel: number[] = [];
  const seen = new Set<number>();
  for (let window = 0; window < windows; window++) {
    seen.clear();
    let last = -1;
    for (let at = window * channels; at < (window + 1) * channels; at++) {
      const from = Math.floor(places[at]! / channelsFrom);
      if (from !== last && from >= 0) seen.add(from);
      last = from;
    }
    for (const one of [...seen].sort((a, b) => a - b)) pixel.push(one);
    start[window + 1] = pixel.length;
  }
  return { how: 'listed', start, pixel: Int32Array.from(pixel) };
}

/** The need of windows that each read the pixels which `to` assigns to them. */
export function grouped(to: Int32Array, windows: number): Need {
  const lists: number[][] = Array.from({ length: windows }, () => []);
  for (const [pixel, window] of to.entries()) lists[window]!.push(pixel);
  return listed(windows, (window) => lists[window]!.map((pixel) => ({ pixel })));
}
