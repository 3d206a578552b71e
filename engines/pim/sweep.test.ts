import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { engine, slice } from './index.ts';
import { sweep, withValue } from './sweep.ts';

const small = { ...slice.defaults, model: 'lenet5', hardware: { base: 'pimcomp-default', cores: { x: 3, y: 3 } } };

describe('withValue', () => {
  it('changes one value and makes a named preset one with a change', () => {
    expect(withValue({ a: { b: 1, c: 2 } }, 'a.b', 3)).toEqual({ a: { b: 3, c: 2 } });
    expect(withValue({ hardware: 'puma' }, 'hardware.crossbar.rows', 64)).toEqual({
      hardware: { base: 'puma', crossbar: { rows: 64 } },
    });
  });
});

describe('sweep', () => {
  it('gives each point the figures that compiling it alone gives, and says why one fails', async () => {
    const job = inlineJob({ engines: { pim: engine } });
    const axes = [
      { path: 'hardware.crossbar.rows', values: [64, 0, 128] },
      { path: 'mode', values: ['throughput', 'latency'] },
    ];
    const swept = await sweep({ slice: small, axes }, job);
    if (!swept.ok) throw new Error(swept.problems[0]!.what);
    const { points } = swept.value;
    expect(points.map(({ values }) => values)).toEqual([
      [64, 'throughput'],
      [64, 'latency'],
      [0, 'throughput'],
      [0, 'latency'],
      [128, 'throughput'],
      [128, 'latency'],
    ]);
    const alone = await engine.entries.compile!(withValue(small, 'hardware.crossbar.rows', 64), job);
    expect(points[0]!.figures).toEqual(alone.ok && alone.value.figures);
    expect(points[2]!.figures).toBeUndefined();
    expect(points[2]!.problem?.severity).toBe('error');
    expect(points[4]!.figures!.timeNs).not.toBe(points[0]!.figures!.timeNs);
  });

  it('refuses three axes and too many points', async () => {
    const axis = { path: 'mvmLatencyNs', values: Array.from({ length: 30 }, (_, index) => index + 1) };
    for (const axes of [[axis, axis], [axis, axis, axis], []]) {
      expect(await sweep({ slice: small, axes }, inlineJob())).toMatchObject({
        ok: false,
        problems: [{ code: 'sweep-size' }],
      });
    }
  });
});
