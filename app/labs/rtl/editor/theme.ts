import { monaco } from './monaco.ts';

const NAME = 'studio';

/** Monaco reads colours as `#rrggbb`; tokens may be written `#abc` or `rgb(1 2 3 / .5)`. */
function hex(token: string, styles: CSSStyleDeclaration): string {
  const value = styles.getPropertyValue(token).trim();
  if (/^#[0-9a-f]{6}([0-9a-f]{2})?$/i.test(value)) return value;
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(value);
  if (short) return `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}`;
  const parts = /^rgba?\(([^)]*)\)$/i.exec(value)?.[1]?.split(/[\s,/]+/) ?? [];
  const bytes = parts.slice(0, 3).map((part) => Math.round(Number(part)).toString(16).padStart(2, '0'));
  return bytes.length === 3 ? `#${bytes.join('')}` : '#808080';
}

/** Makes Monaco's theme of the tokens as they stand on the page. */
export function applyTheme(): void {
  const root = document.documentElement;
  const styles = getComputedStyle(root);
  const of = (token: string) => hex(token, styles);
  const ink = (token: string) => of(token).slice(1, 7);
  const soft = (token: string, alpha: string) => of(token).slice(0, 7) + alpha;
  const dark = luminance(of('--surface')) < 0.4;
  monaco.editor.defineTheme(NAME, {
    base: dark ? 'vs-dark' : 'vs',
    inherit: false,
    rules: [
      { token: '', foreground: ink('--text') },
      { token: 'comment', foreground: ink('--text-3') },
      { token: 'keyword', foreground: ink('--c1') },
      { token: 'keyword.directive', foreground: ink('--c4') },
      { token: 'number', foreground: ink('--c3') },
      { token: 'string', foreground: ink('--c6') },
      { token: 'string.escape', foreground: ink('--c2') },
      { token: 'string.invalid', foreground: ink('--bad') },
      { token: 'type', foreground: ink('--c7') },
      { token: 'variable.predefined', foreground: ink('--c4') },
      { token: 'annotation', foreground: ink('--c8') },
      { token: 'delimiter', foreground: ink('--text-2') },
    ],
    colors: {
      focusBorder: of('--accent'),
      foreground: of('--text'),
      'editor.background': of('--surface'),
      'editor.foreground': of('--text'),
      'editor.lineHighlightBackground': soft('--sunken', '99'),
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': soft('--accent', dark ? '55' : '38'),
      'editor.inactiveSelectionBackground': soft('--accent', dark ? '30' : '20'),
      'editor.wordHighlightBackground': soft('--c5', '28'),
      'editor.wordHighlightStrongBackground': soft('--c5', '38'),
      'editor.wordHighlightTextBackground': soft('--c5', '28'),
      'editor.selectionHighlightBackground': soft('--c5', '28'),
      'editor.findMatchBackground': soft('--warn', '66'),
      'editor.findMatchHighlightBackground': soft('--warn', '33'),
      'editorCursor.foreground': of('--accent'),
      'editorLineNumber.foreground': of('--text-3'),
      'editorLineNumber.dimmedForeground': of('--text-3'),
      'editorLineNumber.activeForeground': of('--text'),
      'editorIndentGuide.background1': of('--line'),
      'editorIndentGuide.activeBackground1': of('--line-strong'),
      'editorBracketMatch.background': soft('--accent', '22'),
      'editorBracketMatch.border': of('--line-strong'),
      'editorError.foreground': of('--bad'),
      'editorWarning.foreground': of('--warn'),
      'editorInfo.foreground': of('--c1'),
      'editorOverviewRuler.border': '#00000000',
      'editorWidget.background': of('--surface'),
      'editorWidget.foreground': of('--text'),
      'editorWidget.border': of('--line-strong'),
      'editorHoverWidget.background': of('--surface'),
      'editorHoverWidget.border': of('--line-strong'),
      'editorSuggestWidget.background': of('--surface'),
      'editorSuggestWidget.border': of('--line-strong'),
      'editorSuggestWidget.selectedBackground': of('--accent-soft'),
      'editorSuggestWidget.selectedForeground': of('--text'),
      'editorSuggestWidget.highlightForeground': of('--accent'),
      'editorSuggestWidget.focusHighlightForeground': of('--accent'),
      'input.background': of('--bg'),
      'input.foreground': of('--text'),
      'input.border': of('--line'),
      'inputOption.activeBackground': of('--accent-soft'),
      'inputOption.activeForeground': of('--accent'),
      'inputOption.activeBorder': of('--accent'),
      'list.hoverBackground': of('--sunken'),
      'menu.background': of('--surface'),
      'menu.foreground': of('--text'),
      'menu.selectionBackground': of('--accent-soft'),
      'menu.selectionForeground': of('--text'),
      'menu.separatorBackground': of('--line'),
      'widget.shadow': dark ? '#00000066' : '#14181c1f',
      'scrollbar.shadow': '#00000000',
      'scrollbarSlider.background': soft('--text-3', '40'),
      'scrollbarSlider.hoverBackground': soft('--text-3', '66'),
      'scrollbarSlider.activeBackground': soft('--text-3', '88'),
    },
  });
  monaco.editor.setTheme(NAME);
}

function luminance(colour: string): number {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16) / 255;
  return 0.21 * part(1) + 0.72 * part(3) + 0.07 * part(5);
}

/** Keeps Monaco's theme in step with the page's. Answers with the function that ends it. */
export function followTheme(): () => void {
  applyTheme();
  const observer = new MutationObserver(applyTheme);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', applyTheme);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', applyTheme);
  };
}
