import type { ChipGeometry } from './chip-geometry.ts';
import type { Role, Roles } from './role-maps.ts';

export interface ChipTheme {
  surface: string;
  sunken: string;
  line: string;
  lineStrong: string;
  text: string;
  text3: string;
  accent: string;
  /** Name of the face of labels. */
  face: string;
  roles: Record<Role, string>;
  /** Steps of the ramp: operators of the segment in their order. */
  ramp: readonly string[];
}

export interface ChipPicture {
  roles: Roles;
  /** Of an operator in the segment, from 1. */
  ordinals: ReadonlyMap<number, number>;
  by: 'role' | 'operator';
  /** All arrays that do not serve this operator fade. */
  lit?: number;
  /** The array with a frame. */
  focus?: number;
  /** How strongly switched arrays glow: 1 when the segment has just begun, 0 at rest. */
  glow: number;
}

/** Room on an array, px, from which its letter, its letter and number, and 'M>C' are drawn. */
const LETTER_PX = 11;
const NUMBER_PX = 22;
const ARROW_PX = 34;
export const LETTERS: Record<Role, string> = { compute: 'C', input: 'I', output: 'O', shared: 'S', idle: '' };
/** What a role's pattern strokes across a tile: each is told without its colour. */
const STROKES: Record<Role, readonly (readonly [number, number, number, number])[]> = {
  compute: [],
  input: [
    [-1, 7, 7, -1],
    [2, 10, 10, 2],
    [-4, 4, 4, -4],
  ],
  output: [
    [-1, 1, 7, 9],
    [2, -2, 10, 6],
    [-4, -2, 4, 6],
  ],
  shared: [
    [0, 3, 6, 3],
    [3, 0, 3, 6],
  ],
  idle: [],
};
const TILE = 6;

/** A drawing of the chip for one segment. Patterns are made once for a theme. */
export class ChipPainter {
  private patterns = new Map<string, CanvasPattern | string>();
  private theme: ChipTheme | undefined;

  paint(
    context: CanvasRenderingContext2D,
    view: { w: number; h: number },
    ratio: number,
    theme: ChipTheme,
    geometry: ChipGeometry,
    picture: ChipPicture,
  ): void {
    if (this.theme !== theme) this.patterns.clear();
    this.theme = theme;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = theme.surface;
    context.fillRect(0, 0, view.w, view.h);
    const { roles, lit, focus, by, ordinals } = picture;
    const { step } = geometry;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let array = 0; array < roles.count; array++) {
      const { x, y, w, h } = geometry.box(array);
      const role = roles.role(array);
      const operator = roles.operator(array);
      const ordinal = operator === undefined ? 0 : (ordinals.get(operator) ?? 0);
      const faded = lit !== undefined && !roles.serves(array, lit);
      context.globalAlpha = faded ? 0.22 : 1;
      const colour =
        by === 'role' || role === 'idle'
          ? theme.roles[role]
          : (theme.ramp[rampStep(ordinal, ordinals.size, theme.ramp.length)] ?? theme.text3);
      context.fillStyle = this.pattern(context, role, colour, theme);
      context.fillRect(x, y, w, h);
      if (role === 'idle' && step >= 4) {
        context.lineWidth = 1;
        context.strokeStyle = roles.remembers(array) ? theme.text3 : theme.line;
        context.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
      }
      if (step >= LETTER_PX) this.label(context, { x, y, w, h }, step, role, ordinal, theme);
      if (roles.switched(array)) this.mark(context, { x, y, w, h }, step, roles.remembers(array), picture.glow, theme);
    }
    context.globalAlpha = 1;
    if (focus === undefined || focus >= roles.count) return;
    const { x, y, w, h } = geometry.box(focus);
    context.lineWidth = 2.5;
    context.strokeStyle = theme.accent;
    context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
  }

  private label(
    context: CanvasRenderingContext2D,
    { x, y, w, h }: { x: number; y: number; w: number; h: number },
    step: number,
    role: Role,
    ordinal: number,
    theme: ChipTheme,
  ): void {
    if (role === 'idle') return;
    const text = step >= NUMBER_PX && ordinal > 0 ? `${LETTERS[role]}${ordinal}` : LETTERS[role];
    const size = Math.min(13, Math.max(9, step * 0.36));
    context.font = `600 ${size}px ${theme.face}`;
    // On a ground of its own: letters must be read on every colour and pattern.
    const width = context.measureText(text).width + 4;
    const middle = { x: x + w / 2, y: y + h / 2 + (step >= ARROW_PX ? step * 0.12 : 0) };
    context.fillStyle = theme.surface;
    context.fillRect(middle.x - width / 2, middle.y - size * 0.62, width, size * 1.24);
    context.fillStyle = theme.text;
    context.fillText(text, middle.x, middle.y + 0.5);
  }

  /** An array that changed its mode: an edge that glows at first, and which way it went. */
  private mark(
    context: CanvasRenderingContext2D,
    { x, y, w, h }: { x: number; y: number; w: number; h: number },
    step: number,
    toMemory: boolean,
    glow: number,
    theme: ChipTheme,
  ): void {
    context.strokeStyle = theme.text;
    context.lineWidth = step >= 8 ? 1.5 : 1;
    context.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
    if (glow > 0) {
      const alpha = context.globalAlpha;
      context.globalAlpha = alpha * glow * 0.85;
      context.strokeStyle = theme.accent;
      context.lineWidth = Math.max(2, step * 0.16);
      context.strokeRect(x + 1, y + 1, w - 2, h - 2);
      context.globalAlpha = alpha;
    }
    if (step >= ARROW_PX) {
      const size = Math.min(10.5, step * 0.24);
      context.font = `600 ${size}px ${theme.face}`;
      const text = toMemory ? 'C>M' : 'M>C';
      const width = context.measureText(text).width + 4;
      context.fillStyle = theme.text;
      context.fillRect(x + w / 2 - width / 2, y + 2, width, size * 1.3);
      context.fillStyle = theme.surface;
      context.fillText(text, x + w / 2, y + 2 + size * 0.7);
      return;
    }
    // Small arrays: a corner. Up: to compute; down: to memory.
    if (step < 6) return;
    const side = Math.max(3, step * 0.32);
    context.fillStyle = theme.text;
    context.beginPath();
    if (toMemory) {
      context.moveTo(x, y + h - side);
      context.lineTo(x + side, y + h);
      context.lineTo(x, y + h);
    } else {
      context.moveTo(x + w - side, y);
      context.lineTo(x + w, y);
      context.lineTo(x + w, y + side);
    }
    context.fill();
  }

  private pattern(
    context: CanvasRenderingContext2D,
    role: Role,
    colour: string,
    theme: ChipTheme,
  ): CanvasPattern | string {
    if (STROKES[role].length === 0) return colour;
    const key = `${role} ${colour}`;
    const known = this.patterns.get(key);
    if (known) return known;
    const tile = document.createElement('canvas');
    tile.width = TILE;
    tile.height = TILE;
    const inner = tile.getContext('2d');
    let made: CanvasPattern | string = colour;
    if (inner) {
      inner.fillStyle = colour;
      inner.fillRect(0, 0, TILE, TILE);
      inner.strokeStyle = theme.surface;
      inner.globalAlpha = 0.6;
      inner.lineWidth = 1.4;
      for (const [fromX, fromY, toX, toY] of STROKES[role]) {
        inner.beginPath();
        inner.moveTo(fromX, fromY);
        inner.lineTo(toX, toY);
        inner.stroke();
      }
      made = context.createPattern(tile, 'repeat') ?? colour;
    }
    this.patterns.set(key, made);
    return made;
  }
}

/** Step of the ramp of the n-th of so many operators. */
export function rampStep(ordinal: number, of: number, steps: number): number {
  return of <= 1 ? 0 : Math.round(((ordinal - 1) / (of - 1)) * (steps - 1));
}

/** Tokens of the roles' colours; an idle array has the ground's. */
export const ROLE_TOKENS: Record<Role, string> = {
  compute: 'c1',
  input: 'c3',
  output: 'c2',
  shared: 'c4',
  idle: 'sunken',
};
