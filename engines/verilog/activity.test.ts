import { describe, expect, it } from 'vitest';
import { ActivityCounter } from './activity.ts';
import { WaveRecorder } from './wave/recorder.ts';

describe('switching activity', () => {
  it('counts known edges and the time at one', () => {
    const recorder = new WaveRecorder({ timescale: -9 });
    const top = recorder.scope({ name: 'tb', kind: 'module', parent: -1 });
    const clk = recorder.declare({ name: 'clk', scope: top, word: 'reg', type: 'bits', width: 1 });
    const bus = recorder.declare({ name: 'bus', scope: top, word: 'reg', type: 'bits', width: 40 });
    recorder.change1(clk, 0, 0, 0);
    for (let edge = 1; edge <= 4; edge++) recorder.change1(clk, edge * 5, edge & 1, 0);
    // x between 0 and 1 is no toggle.
    recorder.change1(clk, 22, 1, 1);
    recorder.change1(clk, 24, 1, 0);
    const wide = (low: number, high: number, b = 0) =>
      recorder.change(bus, 30, Int32Array.of(low, high), Int32Array.of(b, 0), 0, 2);
    wide(0, 0);
    recorder.change(bus, 32, Int32Array.of(-1, 0xff), Int32Array.of(0, 0), 0, 2);
    const counter = new ActivityCounter();
    const delta = recorder.takeDelta();
    if (delta) counter.add(delta);
    expect(counter.result(34)).toEqual([
      { path: 'tb.clk', width: 1, toggles: 4, highTicks: 5 + 5 + 10 },
      { path: 'tb.bus', width: 40, toggles: 40, highTicks: 80 },
    ]);
    expect(counter.toggles).toBe(44);
  });
});
