import type { SchematicLayout } from '../../engines/synthesis/index.ts';
import { dotsPath, drawSymbol, STROKES, TEXTS, type Token, wirePath } from './drawing.ts';

/** The light theme's colours (shell/tokens.css), resolved: a file outside the studio has no tokens. A test holds them equal. */
export const LIGHT: Record<Token, string> = {
  surface: '#ffffff',
  sunken: '#eef0f2',
  text: '#14181c',
  'text-2': '#4d5762',
  'text-3': '#636d78',
  accent: '#a4480f',
  'accent-soft': '#f9ebe1',
  c1: '#0068a8',
  c3: '#00845f',
  'line-strong': '#c3cad1',
};

const MONO = `'JetBrains Mono', ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace`;

const markup = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

/** The schematic as a stand-alone SVG in the light theme's colours, at 100 %. */
export function exportSvg(layout: SchematicLayout): string {
  const parts: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${layout.width}" height="${layout.height}" viewBox="0 0 ${layout.width} ${layout.height}">`,
    `<title>${markup(layout.module)}</title>`,
    `<style>${styleSheet()}</style>`,
    `<rect width="100%" height="100%" fill="${LIGHT.surface}"/>`,
  ];
  for (const wire of layout.wires)
    parts.push(`<path class="${wire.width > 1 ? 'bus' : 'line'}" d="${wirePath(wire.points)}"/>`);
  parts.push(`<path class="dot" d="${dotsPath(layout.wires)}"/>`);
  for (const symbol of layout.symbols) {
    const { paths, texts } = drawSymbol(symbol);
    parts.push(`<g transform="translate(${symbol.x} ${symbol.y})"><title>${markup(symbol.title)}</title>`);
    for (const { style, d } of paths) parts.push(`<path class="${style}" d="${d}"/>`);
    for (const { style, x, y, anchor, text } of texts) {
      parts.push(`<text class="t-${style}" x="${x}" y="${y}" text-anchor="${anchor}">${markup(text)}</text>`);
    }
    parts.push('</g>');
  }
  parts.push('</svg>');
  return parts.join('\n');
}

function styleSheet(): string {
  const rules = [
    `text{font-family:${MONO};white-space:pre}`,
    `path{fill:none;stroke-linejoin:round}`,
    `path.dot{fill:${LIGHT.c1}}`,
  ];
  for (const [name, style] of Object.entries(STROKES)) {
    const fill = 'fill' in style ? LIGHT[style.fill] : 'none';
    rules.push(`.${name}{stroke:${LIGHT[style.stroke]};stroke-width:${style.width};fill:${fill}}`);
  }
  for (const [name, style] of Object.entries(TEXTS)) {
    rules.push(`.t-${name}{fill:${LIGHT[style.fill]};font-size:${style.size}px;font-weight:${style.weight}}`);
  }
  return rules.join('');
}
