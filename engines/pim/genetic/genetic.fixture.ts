import type { Network } from '../../onnx/network.ts';
import type { Prepared } from '../build.ts';
import type { Hardware } from '../hardware.ts';
import { partition } from '../partition.ts';
import { PRESETS } from '../presets/chips.ts';
import { Sketch, take } from '../schedule/latency.fixture.ts';
import { slice as definition } from '../slice.ts';
import { OWN, RELEASED } from '../style.ts';
import type { EvaluatorName, PimSlice } from '../types.ts';

/** Two branches, a pool, a stride, windows that overlap, an FC layer: some thousand windows in all. */
export function smallNetwork(): Network {
  const sketch = new Sketch();
  const relu = { activation: { how: 'relu' as const } };
  const square = (kernel: number, stride = 1, pad = 0) => ({
    kernel: [kernel, kernel] as [number, number],
    stride: [stride, stride] as [number, number],
    pads: [pad, pad, pad, pad] as [number, number, number, number],
    dilation: [1, 1] as [number, number],
  });
  const input = sketch.input(1, 3, 20, 20);
  const first = sketch.conv(input, 24, square(3, 1, 1), 1, relu);
  const second = sketch.conv(first, 40, square(3, 1, 1), 1, relu);
  const pooled = sketch.pool(second, square(2, 2));
  const wide = sketch.conv(pooled, 48, square(1), 1, relu);
  const deep = sketch.conv(pooled, 24, square(3, 1, 1), 1, relu);
  const joined = sketch.layer({ op: 'concat', axis: 1 }, [wide, deep], [1, 72, 10, 10]);
  const strided = sketch.conv(joined, 64, square(3, 2, 1), 1, relu);
  const flat = sketch.move(strided, 'flatten', [1, 64 * 25]);
  sketch.fc(flat, 30);
  return sketch.network('small');
}

const BASE = PRESETS['pimcomp-default']!.hardware;

/** 24 small cores. */
export function smallChip(): Hardware {
  return { ...BASE, cores: { x: 6, y: 4 }, crossbar: { ...BASE.crossbar, perCore: 16, rows: 32, columns: 32 } };
}

export function sliceOf(changes: Partial<PimSlice>): PimSlice {
  return { ...definition.defaults, replication: 'genetic', mapping: 'genetic', evaluator: 'reference', ...changes };
}

export function preparedFor(slice: PimSlice, network = smallNetwork()): Prepared {
  const own = smallChip();
  const clocks: Record<EvaluatorName, Hardware> = { own, reference: { ...own, mvmLatencyNs: 800 } };
  const hardware = clocks[slice.evaluator];
  const style = slice.evaluator === 'reference' ? RELEASED : OWN;
  const layers = take(partition(network, hardware, { style, unrolling: 'rows', mode: slice.mode }));
  return { network, hardware, clocks, style, bits: {}, layers, problems: [] };
}
