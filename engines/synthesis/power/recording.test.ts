import { describe, expect, it } from 'vitest';
import { ActivityCounter } from '../../verilog/activity.ts';
import { WaveRecorder } from '../../verilog/wave/recorder.ts';
import { recordingOf } from './recording.ts';

describe('a recording of a simulation', () => {
  it('has every bit by its declared index, with its time at one, at zero and unknown', () => {
    const recorder = new WaveRecorder({ timescale: -10 });
    const top = recorder.scope({ name: 'tb', kind: 'module', parent: -1 });
    const bits = { scope: top, word: 'reg', type: 'bits' as const };
    const clk = recorder.declare({ ...bits, name: 'clk', width: 1 });
    const up = recorder.declare({ ...bits, name: 'up', width: 2, ranges: [{ left: 3, right: 4 }] });
    const wide = recorder.declare({ ...bits, name: 'wide', width: 40, ranges: [{ left: 39, right: 0 }] });
    const two = {
      ...bits,
      name: 'two',
      width: 4,
      ranges: [
        { left: 1, right: 0 },
        { left: 0, right: 1 },
      ],
    };
    recorder.declare(two);
    const memory = { dims: [{ left: 0, right: 1 }], count: 2 };
    const cells = recorder.declare({ ...bits, name: 'mem', width: 1, array: memory });
    recorder.change1(clk, 0, 0, 0);
    recorder.change1(cells + 1, 4, 1, 0);
    recorder.change1(clk, 5, 1, 0);
    recorder.change1(clk, 10, 0, 0);
    recorder.change32(up, 10, 0b01, 0b10);
    recorder.change1(clk, 15, 1, 0);
    recorder.change1(clk, 20, 0, 0);
    recorder.change32(up, 20, 0b10, 0b00);
    // x between 0 and 1 is no toggle.
    recorder.change1(clk, 22, 1, 1);
    recorder.change1(clk, 24, 1, 0);
    recorder.change(wide, 24, Int32Array.of(0, 0), Int32Array.of(0, 0), 0, 2);
    recorder.change(wide, 30, Int32Array.of(1 << 31, 1 << 7), Int32Array.of(0, 0), 0, 2);
    const counter = new ActivityCounter({ bits: true });
    const delta = recorder.takeDelta();
    if (delta) counter.add(delta);
    const activity = counter.result(40);
    const recording = recordingOf({ activity, endTicks: 40, precision: -10 });
    const of = (path: string) => {
      const { highNs, lowNs, unknownNs, toggles } = recording.bits.find((bit) => bit.path === path)!;
      return [highNs, lowNs, unknownNs, toggles];
    };
    expect(recording.durationNs).toBe(4);
    expect(of('tb.clk')).toEqual([2.6, 1.2, 0.2, 4]);
    // [3:4]: the least significant bit is 4.
    expect(of('tb.up[4]')).toEqual([1, 2, 1, 1]);
    expect(of('tb.up[3]')).toEqual([2, 0, 2, 0]);
    expect(of('tb.wide[31]')).toEqual([1, 0.6, 2.4, 1]);
    expect(of('tb.wide[39]')).toEqual([1, 0.6, 2.4, 1]);
    expect(of('tb.wide[38]')).toEqual([0, 1.6, 2.4, 0]);
    expect(of('tb.two[3]')).toEqual([0, 0, 4, 0]);
    expect(of('tb.mem[1]')).toEqual([3.6, 0, 0.4, 0]);
    expect(of('tb.mem[0]')).toEqual([0, 0, 4, 0]);
    for (const { path, width, toggles, highTicks, bits: each } of activity) {
      expect(each!.toggles.length, path).toBe(width);
      expect(
        each!.toggles.reduce((sum, one) => sum + one, 0),
        path,
      ).toBe(toggles);
      expect(
        each!.highTicks.reduce((sum, one) => sum + one, 0),
        path,
      ).toBe(highTicks);
    }
  });

  it('counts no bits unless asked', () => {
    const recorder = new WaveRecorder({ timescale: -9 });
    recorder.declare({ name: 'a', scope: -1, word: 'reg', type: 'bits', width: 3 });
    const counter = new ActivityCounter();
    const delta = recorder.takeDelta();
    if (delta) counter.add(delta);
    expect(counter.result(1)[0]).not.toHaveProperty('bits');
  });
});
