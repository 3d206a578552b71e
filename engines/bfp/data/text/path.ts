/** A piece of an outline, y upwards. Contours are closed; what is inside has a winding other than 0. */
export type PathCommand =
  | { type: 'M'; x: number; y: number }
  | { type: 'L'; x: number; y: number }
  | { type: 'Q'; x1: number; y1: number; x: number; y: number }
  | { type: 'C'; x1: number; y1: number; x2: number; y2: number; x: number; y: number }
  | { type: 'Z' };

/** An outline that is shifted to the right by `x`. */
export interface Path {
  commands: readonly PathCommand[];
  x: number;
}

/** Where an outline lies in the picture: pixel = origin + scale * point, y turned downwards. */
export interface Placement {
  x: number;
  /** Of the base line. */
  y: number;
  scaleX: number;
  scaleY: number;
}

/** A curve becomes so many straight lines: at 48 pixels an em it is then never off by a hundredth of a pixel. */
const STEPS = 8;

/** Walks along the outline in straight lines, in pixels. Only additions and products: the same numbers everywhere. */
export function flatten(
  path: Path,
  placement: Placement,
  edge: (x0: number, y0: number, x1: number, y1: number) => void,
): void {
  const atX = (x: number) => placement.x + (path.x + x) * placement.scaleX;
  const atY = (y: number) => placement.y - y * placement.scaleY;
  let [startX, startY, x, y] = [0, 0, 0, 0];

  function lineTo(toX: number, toY: number): void {
    edge(x, y, toX, toY);
    [x, y] = [toX, toY];
  }

  for (const command of path.commands) {
    if (command.type === 'Z') {
      lineTo(startX, startY);
      continue;
    }
    const [endX, endY] = [atX(command.x), atY(command.y)];
    if (command.type === 'M') {
      if (x !== startX || y !== startY) lineTo(startX, startY);
      [startX, startY, x, y] = [endX, endY, endX, endY];
    } else if (command.type === 'L') {
      lineTo(endX, endY);
    } else {
      const [fromX, fromY, firstX, firstY] = [x, y, atX(command.x1), atY(command.y1)];
      for (let step = 1; step < STEPS; step++) {
        const t = step / STEPS;
        const u = 1 - t;
        if (command.type === 'Q') {
          lineTo(u * u * fromX + 2 * u * t * firstX + t * t * endX, u * u * fromY + 2 * u * t * firstY + t * t * endY);
        } else {
          const [secondX, secondY] = [atX(command.x2), atY(command.y2)];
          const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
          lineTo(a * fromX + b * firstX + c * secondX + d * endX, a * fromY + b * firstY + c * secondY + d * endY);
        }
      }
      lineTo(endX, endY);
    }
  }
  if (x !== startX || y !== startY) lineTo(startX, startY);
}
