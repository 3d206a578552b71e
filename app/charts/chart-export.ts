/** What a drawn element keeps of its style when it leaves the studio. */
const KEPT = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
  'text-anchor',
];
/** Names and states that mean nothing outside of the studio. */
const DROPPED = ['class', 'style', 'id', 'role', 'tabindex', 'aria-selected', 'aria-label', 'aria-hidden'];

/** Pixels of a PNG per pixel of the chart. */
const PNG_SCALE = 2;

/**
 * A chart as a stand-alone SVG: the colours of the light theme, whichever is on, resolved into attributes, and the fonts
 * inside. A font that cannot be fetched is left out; the text is then drawn in the reader's own.
 */
export async function chartSvg(drawn: SVGSVGElement, title: string): Promise<string> {
  const stage = document.createElement('div');
  stage.dataset.theme = 'light';
  stage.style.cssText = 'position:absolute;left:-100000px;top:0';
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  for (const active of copy.querySelectorAll('[aria-selected="true"]')) active.setAttribute('aria-selected', 'false');
  stage.append(copy);
  document.body.append(stage);
  try {
    const ground = getComputedStyle(stage).getPropertyValue('--surface').trim();
    const families = resolveStyles(copy);
    const fonts = await embeddedFonts(families, copy.textContent ?? '');
    copy.prepend(...opening(title, fonts, ground));
  } finally {
    stage.remove();
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new XMLSerializer().serializeToString(copy);
}

/** An SVG as `chartSvg` makes it, drawn at twice its size. Undefined where the browser has no room for the picture. */
export async function pngOf(svg: string, width: number, height: number): Promise<Uint8Array | undefined> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * PNG_SCALE;
  canvas.height = height * PNG_SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob ? new Uint8Array(await blob.arrayBuffer()) : undefined;
}

/** Writes the style of every element of `root` into its attributes. Answers the font families that are used. */
function resolveStyles(root: SVGSVGElement): Set<string> {
  const families = new Set<string>();
  // All is read before anything is written: taking a class away changes the style of what is inside.
  const styles = [root, ...root.querySelectorAll<SVGElement>('*')].map((element) => {
    const style = getComputedStyle(element);
    return { element, values: KEPT.map((name) => [name, style.getPropertyValue(name)] as const) };
  });
  for (const { element, values } of styles) {
    for (const name of DROPPED) element.removeAttribute(name);
    const isText = element.tagName === 'text';
    for (const [name, value] of values) {
      if (/^(font|text)-/.test(name) ? isText : element.tagName !== 'g') element.setAttribute(name, plainColour(value));
      if (isText && name === 'font-family') families.add(firstFamily(value));
    }
  }
  return families;
}

/** Mixed colours as every reader of SVG knows them: `color(srgb 0.1 0.2 0.3)` is `rgb(26, 51, 77)`. */
export function plainColour(value: string): string {
  return value.replace(/^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)\)$/, (_, ...parts: string[]) => {
    const [red, green, blue] = parts.slice(0, 3).map((part) => Math.round(Number(part) * 255));
    return `rgb(${red}, ${green}, ${blue})`;
  });
}

function opening(title: string, fonts: string, ground: string): SVGElement[] {
  const make = (name: string) => document.createElementNS('http://www.w3.org/2000/svg', name);
  const heading = make('title');
  heading.textContent = title;
  const style = make('style');
  style.textContent = fonts;
  const sheet = make('rect');
  for (const [name, value] of [
    ['width', '100%'],
    ['height', '100%'],
    ['fill', ground],
  ] as const) {
    sheet.setAttribute(name, value);
  }
  return [heading, style, sheet];
}

/** The page's own `@font-face` rules for these families that hold any character of `text`, with their files inside. */
async function embeddedFonts(families: ReadonlySet<string>, text: string): Promise<string> {
  const rules = [...document.styleSheets].flatMap(rulesOf).filter((rule) => rule instanceof CSSFontFaceRule);
  const wanted = rules.filter(
    ({ style }) =>
      families.has(firstFamily(style.getPropertyValue('font-family'))) &&
      inRange(style.getPropertyValue('unicode-range'), text),
  );
  const faces = await Promise.all(wanted.map(embedded));
  return faces.join('');
}

async function embedded(rule: CSSFontFaceRule): Promise<string> {
  const source = /url\(["']?([^"')]+)["']?\)/.exec(rule.style.getPropertyValue('src'))?.[1];
  if (source === undefined) return '';
  try {
    const response = await fetch(new URL(source, rule.parentStyleSheet?.href ?? document.baseURI));
    if (!response.ok) return '';
    const data = await dataUrl(await response.blob());
    const family = firstFamily(rule.style.getPropertyValue('font-family'));
    const weight = rule.style.getPropertyValue('font-weight') || 'normal';
    return `@font-face{font-family:"${family}";font-weight:${weight};src:url(${data})}`;
  } catch {
    return '';
  }
}

/** The rules of a sheet; none where the page may not read it (one that a browser extension put in). */
function rulesOf(sheet: CSSStyleSheet): CSSRule[] {
  try {
    return [...sheet.cssRules];
  } catch {
    return [];
  }
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}

function firstFamily(list: string): string {
  return (list.split(',')[0] ?? '').trim().replaceAll(/["']/g, '');
}

/** Whether a `unicode-range` ("U+0000-00FF, U+2212") holds any character of the text; an empty one holds all. */
export function inRange(ranges: string, text: string): boolean {
  if (ranges.trim() === '') return text !== '';
  const spans = [...ranges.matchAll(/U\+([0-9a-f]+)(?:-([0-9a-f]+))?/gi)].map(
    ([, from = '', to = from]) => [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const,
  );
  return [...text].some((sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return spans.some(([from, to]) => code >= from && code <= to);
  });
}
