import { describe, expect, it } from 'vitest';
import { compileSource } from './front-end.ts';
import { SUPPORT } from './support.ts';

const WHOLE = /^(?:module|package|interface|program|config|class)\b/;

describe('the table of what is supported', () => {
  it.each(SUPPORT.map((row) => [row.feature, row] as const))('%s', (_feature, { sample, state }) => {
    const text = WHOLE.test(sample) ? sample : `module m;\n${sample}\nendmodule`;
    const { elaborated, problems } = compileSource(
      {
        files: ['m.sv'],
        tops: [],
        defines: {},
        includeDirs: [],
        parameters: {},
        libraryDirs: [],
        librarySuffixes: [],
        separateUnits: false,
        delays: 'typ',
        specify: true,
      },
      () => text,
    );
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (state === 'no') {
      expect(errors.map(({ code }) => code)).toContain('not-supported');
      for (const { where } of errors) expect(where?.line).toBeGreaterThan(0);
    } else {
      expect(errors).toEqual([]);
      expect(elaborated?.design).toBeDefined();
    }
  });
});
