import { describe, expect, it } from 'vitest';
import { gallery } from './examples/index.ts';
import { simulate } from './simulate.ts';
import { inlineJob } from './testing.ts';

describe('benches of the gallery', () => {
  it.each(gallery.map((example) => [example.id, example] as const))('%s passes', async (_id, { slice }) => {
    const result = await simulate(slice, inlineJob());
    if (!result.ok) throw new Error(result.problems.map(({ what }) => what).join('\n'));
    expect(result.value.verdict).toMatchObject({ kind: 'passed', why: 'PASS' });
    expect(result.value.end.kind).toBe('finish');
    expect(result.value.figures.toggles).toBeGreaterThan(0);
  });

  it('fails when the design is wrong, and says where it was seen first', async () => {
    const { slice } = gallery.find(({ id }) => id === 'counter')!;
    const files = slice.files.map((file) =>
      'text' in file && file.path === 'counter.v'
        ? { ...file, text: file.text.replace("count + 1'b1", "count + 2'd3") }
        : file,
    );
    const result = await simulate({ ...slice, files }, inlineJob());
    if (!result.ok) throw new Error('It does not run.');
    expect(result.value.verdict.kind).toBe('failed');
    expect(result.value.failure).toMatchObject({ from: 'counter', where: { file: 'bench/counter_tb.v' } });
    expect(result.value.failure!.signals.length).toBeGreaterThan(0);
  });
});
