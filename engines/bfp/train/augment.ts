import * as math from '../../core/math.ts';
import type { Random } from '../../core/random.ts';

/** How far a digit is bent before it is learned from. All 0: not at all. */
export interface Augmentation {
  /** Degrees to either side. */
  rotation: number;
  /** Share by which it grows or shrinks, each way by itself. */
  scale: number;
  /** Share of its height by which the top leans over. */
  shear: number;
  /** Pixels to any side. */
  shift: number;
  /** Standard deviation, in pixels, of the places of a 5 x 5 grid of points that pull their neighbourhood along. */
  elastic: number;
}

export const NO_AUGMENTATION: Augmentation = { rotation: 0, scale: 0, shear: 0, shift: 0, elastic: 0 };

/** Points of the elastic grid on a side; between them displacements are interpolated linearly. */
const POINTS = 5;

/**
 * A digit drawn anew where a random affine map (about its middle) and a random smooth field of displacements take each
 * pixel from, interpolated linearly; paper outside. After Simard, Steinkraus and Platt (2003), "Best practices for
 * convolutional neural networks applied to visual document analysis", with a coarse grid in the place of a blurred field.
 */
export function augment(
  { pixels, side }: { pixels: Uint8Array; side: number },
  { rotation, scale, shear, shift, elastic }: Augmentation,
  random: Random,
  into: Float32Array,
): void {
  const spread = (by: number): number => (2 * random.float() - 1) * by;
  const angle = (spread(rotation) * Math.PI) / 180;
  const [cos, sin] = [math.cos(angle), math.sin(angle)];
  const [growX, growY] = [1 + spread(scale), 1 + spread(scale)];
  const lean = spread(shear);
  const [shiftX, shiftY] = [spread(shift), spread(shift)];
  const pulls = Float64Array.from({ length: 2 * POINTS * POINTS }, () => elastic * random.normal());
  const middle = (side - 1) / 2;
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at++) {
      const fromX = (x - middle) * growX + (y - middle) * lean;
      const fromY = (y - middle) * growY;
      const [pullX, pullY] = pullAt(pulls, (x / (side - 1)) * (POINTS - 1), (y / (side - 1)) * (POINTS - 1));
      const sourceX = middle + cos * fromX - sin * fromY + shiftX + pullX;
      const sourceY = middle + sin * fromX + cos * fromY + shiftY + pullY;
      into[at] = inkAt(pixels, side, sourceX, sourceY);
    }
  }
}

function pullAt(pulls: Float64Array, x: number, y: number): [number, number] {
  const left = Math.min(Math.floor(x), POINTS - 2);
  const top = Math.min(Math.floor(y), POINTS - 2);
  const [u, v] = [x - left, y - top];
  const at = 2 * (top * POINTS + left);
  const below = at + 2 * POINTS;
  const mix = (part: 0 | 1): number =>
    (1 - v) * ((1 - u) * pulls[at + part]! + u * pulls[at + 2 + part]!) +
    v * ((1 - u) * pulls[below + part]! + u * pulls[below + 2 + part]!);
  return [mix(0), mix(1)];
}

/** 0 to 1. */
function inkAt(pixels: Uint8Array, side: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const [u, v] = [x - left, y - top];
  const ink = (px: number, py: number): number =>
    px < 0 || py < 0 || px >= side || py >= side ? 0 : pixels[py * side + px]!;
  const upper = (1 - u) * ink(left, top) + u * ink(left + 1, top);
  const lower = (1 - u) * ink(left, top + 1) + u * ink(left + 1, top + 1);
  return ((1 - v) * upper + v * lower) / 255;
}
