import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { inlineJob } from '../engines/core/index.ts';
import { engine } from '../engines/rtl/index.ts';
import { slice } from '../engines/rtl/slice.ts';
import type { RtlReport } from '../engines/rtl/types.ts';

// What a visitor sees before the live run is what the live run says.
it('the report made by the build is what the engine computes', async () => {
  const built: RtlReport = JSON.parse(readFileSync(resolve(import.meta.dirname, '../build/first/rtl.json'), 'utf8'));
  const live = await engine.entries.synthesise!(slice.defaults, inlineJob());
  if (!live.ok) throw new Error(live.problems[0]?.what);
  const { measured: _built, ...expected } = built;
  const { measured: _live, ...computed } = live.value as RtlReport;
  expect(JSON.parse(JSON.stringify(computed))).toEqual(expected);
  expect(built.figures.cells).toBeGreaterThan(0);
});
