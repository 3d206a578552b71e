import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breachesOf, checkTree, sourceFiles } from './house-rules.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the arrows of the architecture', () => {
  it('finds the files it is to check', () => {
    expect(sourceFiles(root, 'engines')).toContain('engines/core/result.ts');
    expect(sourceFiles(root, 'app').length).toBeGreaterThan(10);
  });

  it('hold in the whole tree', () => {
    expect(checkTree(root).map(({ file, line, what }) => `${file}:${line} ${what}`)).toEqual([]);
  });

  it.each([
    ['engines/rtl/index.ts', "import { host } from '../../workers/host.ts';"],
    ['engines/rtl/index.ts', "import { x } from '../../app/ui/x.ts';"],
    ['workers/host.ts', "const x = await import('../app/main.tsx');"],
    ['engines/core/random.ts', "import type { RtlSlice } from '../rtl/types.ts';"],
    ['engines/pim/index.ts', "import { engine } from '../rtl/index.ts';"],
    ['engines/pim/index.ts', "import { useState } from 'react';"],
    ['engines/pim/index.ts', "import { readFileSync } from 'node:fs';"],
    ['app/labs/pim/Lab.tsx', "import { Editor } from '../rtl/editor/Editor.tsx';"],
    ['app/shell/App.tsx', "import { Lab } from '../labs/rtl/Lab.tsx';"],
    ['app/shell/App.tsx', "const w = new URL('../../e2e/support/x.ts', import.meta.url);"],
    ['engines/pim/index.ts', 'const y = Math.exp(x);'],
    ['engines/pim/index.ts', 'const now = Date.now();'],
    ['engines/pim/index.ts', "console.log('x');"],
    ['engines/pim/index.ts', "globalThis.console.log('x');"],
    ['engines/pim/index.ts', 'const w = new Worker(url);'],
  ])('turn red at a planted breach in %s: %s', (file, text) => {
    expect(breachesOf(file, `// first line\n${text}\n`)).toMatchObject([{ file, line: 2 }]);
  });

  it.each([
    ['app/labs/rtl/Lab.tsx', "import { host } from '../../../workers/host.ts';"],
    ['engines/codesign/index.ts', "import { engine } from '../rtl/index.ts';"],
    ['engines/rtl/index.ts', 'const [line] = report.console.slice(1);'],
    ['app/shell/labs.ts', "load: () => import('../labs/rtl/index.ts')"],
    ['engines/rtl/rtl.test.ts', "import { readFileSync } from 'node:fs';"],
    ['engines/pim/index.ts', '// Math.exp differs between engines\nconst y = Math.sqrt(x);'],
  ])('let pass what is allowed in %s: %s', (file, text) => {
    expect(breachesOf(file, text)).toEqual([]);
  });
});
