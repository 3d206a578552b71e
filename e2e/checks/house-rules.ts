import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

/** A rule of the architecture that a file breaks. */
export interface Breach {
  file: string;
  line: number;
  what: string;
}

/** Foundations: every system may import them; they import no system. The rest of `engines/` are systems. */
const foundations = ['core', 'document', 'tensor', 'onnx', 'verilog', 'synthesis', 'search'];
/** The one system that composes others. */
const composer = 'codesign';
const layers = ['engines', 'workers', 'app'];

/** Packages that engines must not touch: they are pure. */
const impurePackages = /^(react|react-dom|zustand|comlink|monaco-editor|@xyflow|radix-ui|cmdk|d3|idb-keyval|node:)/;
/** Differ in the last bit between JavaScript engines, or between two runs. */
const impureCalls: [RegExp, string][] = [
  [
    /\bMath\.(exp|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot|random)\b/,
    'differs between JavaScript engines or runs: use engines/core',
  ],
  [/\bDate\.now\b|\bnew Date\(\s*\)/, 'makes a result depend on the clock'],
  [/(?<![.\w])console\.\w|\b(?:globalThis|self)\.console\.\w/, 'prints: engines report through the job'],
  [
    /\b(window|localStorage|indexedDB|navigator)\.\w|\bdocument\.(createElement|querySelector|getElementById|body|addEventListener|cookie)\b/,
    'needs a page: engines are pure',
  ],
  [/\bnew (Shared)?Worker\b/, 'starts a worker: the host does that'],
];

const importPattern =
  /(?:\bfrom\s+|\bimport\s+|\bimport\s*\(\s*|\bimport\.meta\.glob\s*(?:<[^>]*>)?\(\s*|\bnew URL\s*\(\s*)(['"`])([^'"`]+)\1/g;

interface Import {
  target: string;
  line: number;
}

function withoutComments(text: string): string {
  // Line breaks stay, so that line numbers do.
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1');
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

function importsOf(text: string): Import[] {
  return [...text.matchAll(importPattern)].map((match) => ({
    target: match[2] ?? '',
    line: lineOf(text, match.index),
  }));
}

/** The borders of the layers, of foundations and systems, and of labs. Paths are relative to the root, with `/`. */
function forbidden(file: string, target: string): string | undefined {
  const [layer = '', folder = ''] = file.split('/');
  const [targetLayer = '', targetFolder = ''] = target.split('/');
  const from = layers.indexOf(layer);
  const to = layers.indexOf(targetLayer);
  if (from >= 0 && targetLayer === 'e2e') return 'the product does not import its tests';
  if (from >= 0 && to > from) return `${layer} must not import ${targetLayer}: arrows point down`;
  if (layer === 'engines' && targetLayer === 'engines' && folder !== targetFolder) {
    const targetIsSystem = !foundations.includes(targetFolder);
    if (foundations.includes(folder) && targetIsSystem) {
      return `the foundation ${folder} must not import the system ${targetFolder}`;
    }
    if (!foundations.includes(folder) && targetIsSystem && folder !== composer) {
      return `the system ${folder} must not import the system ${targetFolder}: what two need moves to a foundation`;
    }
  }
  if (layer === 'app' && targetLayer === 'app') {
    const lab = file.match(/^app\/labs\/([^/]+)\//)?.[1];
    const targetLab = target.match(/^app\/labs\/([^/]+)/)?.[1];
    if (lab && targetLab && lab !== targetLab) return `the lab ${lab} must not import the lab ${targetLab}`;
    if (!lab && targetLab && file !== 'app/shell/labs.ts') return 'only the registry (app/shell/labs.ts) knows labs';
  }
  return undefined;
}

/** Checks one file. `file` is relative to the root, with `/`. */
export function breachesOf(file: string, source: string): Breach[] {
  const text = withoutComments(source);
  const breaches: Breach[] = [];
  for (const { target, line } of importsOf(text)) {
    if (target.startsWith('.')) {
      const path = normalize(join(dirname(file), target))
        .split(sep)
        .join('/');
      const what = forbidden(file, path);
      if (what) breaches.push({ file, line, what });
    } else if (file.startsWith('engines/') && !isSupport(file) && impurePackages.test(target)) {
      breaches.push({ file, line, what: `engines are pure and must not import ${target}` });
    }
  }
  if (file.startsWith('engines/') && !isSupport(file)) {
    for (const [pattern, why] of impureCalls) {
      for (const match of text.matchAll(new RegExp(pattern, 'g'))) {
        breaches.push({ file, line: lineOf(text, match.index), what: `${match[0]} ${why}` });
      }
    }
  }
  return breaches;
}

/** Tests, benches and training scripts of engines run in Node and may do what engines may not. */
function isSupport(file: string): boolean {
  return /\.(test|bench|fixture)\.tsx?$|\/train\/|\.mjs$/.test(file);
}

export function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

export function checkTree(root: string): Breach[] {
  return layers
    .flatMap((layer) => sourceFiles(root, layer))
    .flatMap((file) => breachesOf(file, readFileSync(join(root, file), 'utf8')));
}
