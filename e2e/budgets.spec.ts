import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

/** Size budgets of the production build (architecture, section 5), read from Vite's manifest. Sizes are gzip, level 9. */

interface Chunk {
  file: string;
  src?: string;
  isEntry?: boolean;
  isDynamicEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
}

const dist = resolve(import.meta.dirname, '../dist');
const manifest: Record<string, Chunk> = JSON.parse(readFileSync(resolve(dist, '.vite/manifest.json'), 'utf8'));

/** A chunk and all that it imports at once, by key of the manifest. */
function closure(key: string, into = new Set<string>()): Set<string> {
  if (into.has(key)) return into;
  into.add(key);
  for (const next of manifest[key]?.imports ?? []) closure(next, into);
  return into;
}

function gzipKb(keys: Iterable<string>): number {
  let bytes = 0;
  for (const key of keys) bytes += gzipSync(readFileSync(resolve(dist, manifest[key]!.file)), { level: 9 }).length;
  return bytes / 1000;
}

const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry)!;
const shell = closure(entry);

/** What a lab opens on, where that is in a chunk of its own. */
const FIRST_VIEWS: Record<string, string[]> = {
  'app/labs/pim/index.ts': ['app/labs/pim/views/CrossbarPart.tsx'],
  'app/labs/cim/index.ts': ['app/labs/cim/views/segments/SegmentsView.tsx'],
  'app/labs/bfp/index.ts': ['app/labs/bfp/views/layers/LayersView.tsx'],
};

test('the shell is under 120 kB', () => {
  expect(gzipKb(shell)).toBeLessThan(120);
  // A shell that had lost its application would be small too.
  expect(gzipKb(shell)).toBeGreaterThan(60);
});

test('each lab is under 150 kB beside the shell and Monaco', () => {
  const labs = Object.keys(manifest).filter((key) => /^app\/labs\/[^/]+\/index\.ts$/.test(key));
  expect(labs).toEqual(expect.arrayContaining(['rtl', 'pim', 'cim', 'bfp'].map((id) => `app/labs/${id}/index.ts`)));
  for (const lab of labs) {
    const folder = lab.replace(/index\.ts$/, '');
    const own = new Set<string>();
    for (const key of closure(lab)) own.add(key);
    // The bench behind React.lazy is what a visitor of the lab loads next, and the view that it opens on.
    for (const next of manifest[lab]?.dynamicImports ?? []) {
      if (manifest[next]?.src?.startsWith(folder)) closure(next, own);
    }
    for (const view of FIRST_VIEWS[lab] ?? []) {
      expect(manifest).toHaveProperty([view]);
      closure(view, own);
    }
    const keys = [...own].filter((key) => !shell.has(key) && !/monaco|CodeEditor/i.test(key));
    expect(keys.length).toBeGreaterThan(0);
    expect(gzipKb(keys), `${lab}: ${keys.join(', ')}`).toBeLessThan(150);
  }
});

test('the drawing of waves is loaded when a simulation is shown', () => {
  const waves = 'app/labs/rtl/wave/WaveView.tsx';
  expect(manifest[waves]).toMatchObject({ isDynamicEntry: true });
  const seen = closure('app/labs/rtl/index.ts');
  for (const next of manifest['app/labs/rtl/index.ts']?.dynamicImports ?? []) closure(next, seen);
  expect(seen.has(waves)).toBe(false);
  expect(gzipKb([...closure(waves)].filter((key) => !seen.has(key)))).toBeLessThan(40);
});

test('Monaco and the layout engine are loaded on demand only', () => {
  for (const key of shell) expect(manifest[key]!.file).not.toMatch(/monaco|elk|yosys/i);
});
