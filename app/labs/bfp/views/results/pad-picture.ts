/** Side of the pictures that the digit networks take, and of the box that their ink fills (MNIST; LeCun et al., 1998). */
export const DIGIT_SIDE = 28;
const BOX = 20;

/**
 * Ink on a square pad (0 paper to 1 ink, row by row) as a digit of MNIST: what is drawn is made to fit a box of 20 x 20 by
 * averaging areas, its proportions kept, and is put on 28 x 28 with its centre of mass in the middle, to the nearest pixel.
 * Undefined where nothing is drawn.
 */
export function digitPicture(ink: ArrayLike<number>, side: number): Float64Array | undefined {
  const bounds = boundsOf(ink, side);
  if (!bounds) return undefined;
  const { left, top, width, height } = bounds;
  const step = Math.max(width, height) / BOX;
  const inkAt = (x: number, y: number) => ink[(top + y) * side + left + x]!;
  const columns = Math.max(1, Math.ceil(width / step - 1e-9));
  const rows = Math.max(1, Math.ceil(height / step - 1e-9));
  const small = new Float64Array(columns * rows);
  let [mass, massX, massY] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = areaMean(inkAt, width, height, column * step, row * step, step);
      small[row * columns + column] = value;
      mass += value;
      massX += value * (column + 0.5);
      massY += value * (row + 0.5);
    }
  }
  const offset = (centre: number, size: number) =>
    Math.min(DIGIT_SIDE - size, Math.max(0, Math.round(DIGIT_SIDE / 2 - centre)));
  const [x, y] = [offset(massX / mass, columns), offset(massY / mass, rows)];
  const picture = new Float64Array(DIGIT_SIDE * DIGIT_SIDE);
  for (let row = 0; row < rows; row++) {
    picture.set(small.subarray(row * columns, (row + 1) * columns), (y + row) * DIGIT_SIDE + x);
  }
  return picture;
}

function boundsOf(ink: ArrayLike<number>, side: number) {
  let [left, top, right, bottom] = [side, side, -1, -1];
  for (let at = 0; at < side * side; at++) {
    if (!(ink[at]! > 0)) continue;
    const [x, y] = [at % side, Math.floor(at / side)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Mean over a square of what is drawn, pixels on its border by their share; paper beyond `width` and `height`. */
function areaMean(
  inkAt: (x: number, y: number) => number,
  width: number,
  height: number,
  x: number,
  y: number,
  size: number,
): number {
  const [endX, endY] = [x + size, y + size];
  let sum = 0;
  for (let row = Math.floor(y); row < Math.min(height, endY); row++) {
    const tall = Math.min(row + 1, endY) - Math.max(row, y);
    for (let column = Math.floor(x); column < Math.min(width, endX); column++) {
      const wide = Math.min(column + 1, endX) - Math.max(column, x);
      sum += tall * wide * inkAt(column, row);
    }
  }
  return Math.min(1, sum / (size * size));
}
