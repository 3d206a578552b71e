/** Colours of the waves, by the page's tokens. */
export const WAVE_TOKENS = [
  'surface',
  'sunken',
  'line',
  'line-strong',
  'text',
  'text-2',
  'text-3',
  'accent',
  'accent-soft',
  'bad',
  'warn',
  'c1',
  'c2',
  'c3',
  'c4',
  'c5',
  'c6',
  'c7',
  'c8',
] as const;
export type WaveToken = (typeof WAVE_TOKENS)[number];

export interface TextStyle {
  align?: 'left' | 'center' | 'right';
  /** The font of words; else that of values. */
  sans?: boolean;
}

/** What waves are drawn with: a canvas, or the elements of an SVG. All in pixels of the page. */
export interface Pen {
  /** Pixels of one letter of values. */
  readonly letter: number;
  /** Separate lines, four numbers each: from x, y to x, y. */
  lines(coordinates: readonly number[], token: WaveToken, width?: number, dash?: readonly number[]): void;
  /** One line through points. */
  polyline(points: readonly number[], token: WaveToken, width?: number): void;
  /** Filled rectangles: x, y, width, height. */
  rects(coordinates: readonly number[], token: WaveToken, alpha?: number): void;
  /** A filled shape. */
  polygon(points: readonly number[], token: WaveToken): void;
  text(x: number, y: number, text: string, token: WaveToken, style?: TextStyle): void;
}

export interface WaveTheme {
  colours: Record<WaveToken, string>;
  mono: string;
  sans: string;
  letter: number;
}

const SIZE = 12;

export function readWaveTheme(element: Element): WaveTheme {
  const style = getComputedStyle(element);
  const colours = {} as Record<WaveToken, string>;
  for (const token of WAVE_TOKENS) colours[token] = style.getPropertyValue(`--${token}`).trim();
  const mono = `${SIZE}px ${style.getPropertyValue('--mono').trim() || 'monospace'}`;
  const sans = `${SIZE}px ${style.getPropertyValue('--sans').trim() || 'sans-serif'}`;
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = mono;
  return { colours, mono, sans, letter: (context?.measureText('0'.repeat(20)).width ?? 144) / 20 };
}

export class CanvasPen implements Pen {
  readonly letter: number;

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly theme: WaveTheme,
  ) {
    this.letter = theme.letter;
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
  }

  lines(coordinates: readonly number[], token: WaveToken, width = 1, dash?: readonly number[]): void {
    if (coordinates.length === 0) return;
    const { context } = this;
    context.strokeStyle = this.theme.colours[token];
    context.lineWidth = width;
    context.setLineDash(dash ? [...dash] : []);
    context.beginPath();
    for (let at = 0; at < coordinates.length; at += 4) {
      context.moveTo(coordinates[at]!, coordinates[at + 1]!);
      context.lineTo(coordinates[at + 2]!, coordinates[at + 3]!);
    }
    context.stroke();
    if (dash) context.setLineDash([]);
  }

  polyline(points: readonly number[], token: WaveToken, width = 1): void {
    if (points.length < 4) return;
    const { context } = this;
    context.strokeStyle = this.theme.colours[token];
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(points[0]!, points[1]!);
    for (let at = 2; at < points.length; at += 2) context.lineTo(points[at]!, points[at + 1]!);
    context.stroke();
  }

  rects(coordinates: readonly number[], token: WaveToken, alpha = 1): void {
    const { context } = this;
    context.fillStyle = this.theme.colours[token];
    context.globalAlpha = alpha;
    for (let at = 0; at < coordinates.length; at += 4) {
      context.fillRect(coordinates[at]!, coordinates[at + 1]!, coordinates[at + 2]!, coordinates[at + 3]!);
    }
    context.globalAlpha = 1;
  }

  polygon(points: readonly number[], token: WaveToken): void {
    const { context } = this;
    context.fillStyle = this.theme.colours[token];
    context.beginPath();
    for (let at = 0; at < points.length; at += 2) context.lineTo(points[at]!, points[at + 1]!);
    context.closePath();
    context.fill();
  }

  text(x: number, y: number, text: string, token: WaveToken, { align = 'left', sans }: TextStyle = {}): void {
    const { context } = this;
    context.font = sans ? this.theme.sans : this.theme.mono;
    context.fillStyle = this.theme.colours[token];
    context.textAlign = align;
    context.fillText(text, x, y);
  }
}

/** Draws into an SVG element, in colours that are still tokens: `chartSvg` makes a file of it. */
export class SvgPen implements Pen {
  constructor(
    private readonly root: SVGElement,
    readonly letter: number,
  ) {}

  lines(coordinates: readonly number[], token: WaveToken, width = 1, dash?: readonly number[]): void {
    let path = '';
    for (let at = 0; at < coordinates.length; at += 4) {
      path += `M${short(coordinates[at]!)},${short(coordinates[at + 1]!)}L${short(coordinates[at + 2]!)},${short(coordinates[at + 3]!)}`;
    }
    if (path !== '') this.stroke(path, token, width, dash);
  }

  polyline(points: readonly number[], token: WaveToken, width = 1): void {
    if (points.length >= 4) this.stroke(`M${pairs(points)}`, token, width);
  }

  rects(coordinates: readonly number[], token: WaveToken, alpha = 1): void {
    let path = '';
    for (let at = 0; at < coordinates.length; at += 4) {
      path += `M${short(coordinates[at]!)},${short(coordinates[at + 1]!)}h${short(coordinates[at + 2]!)}v${short(coordinates[at + 3]!)}h${short(-coordinates[at + 2]!)}z`;
    }
    if (path === '') return;
    const element = this.add('path', { d: path, stroke: 'none', 'fill-opacity': String(alpha) });
    element.style.fill = `var(--${token})`;
  }

  polygon(points: readonly number[], token: WaveToken): void {
    this.add('path', { d: `M${pairs(points)}z`, stroke: 'none' }).style.fill = `var(--${token})`;
  }

  text(x: number, y: number, text: string, token: WaveToken, { align = 'left', sans }: TextStyle = {}): void {
    const element = this.add('text', { x: short(x), y: short(y + SIZE * 0.35) });
    element.textContent = text;
    const anchor = { left: 'start', center: 'middle', right: 'end' }[align];
    element.style.cssText = `fill:var(--${token});font:${SIZE}px var(--${sans ? 'sans' : 'mono'});text-anchor:${anchor}`;
  }

  private stroke(d: string, token: WaveToken, width: number, dash?: readonly number[]): void {
    const element = this.add('path', { d });
    const dashes = dash ? `;stroke-dasharray:${dash.join(' ')}` : '';
    element.style.cssText = `fill:none;stroke:var(--${token});stroke-width:${width}px${dashes}`;
  }

  private add(name: string, attributes: Record<string, string>): SVGElement {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name) as SVGElement;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    this.root.append(element);
    return element;
  }
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function pairs(points: readonly number[]): string {
  let text = '';
  for (let at = 0; at < points.length; at += 2)
    text += `${at > 0 ? 'L' : ''}${short(points[at]!)},${short(points[at + 1]!)}`;
  return text;
}
