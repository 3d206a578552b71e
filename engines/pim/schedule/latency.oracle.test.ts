import { describe, expect, it } from 'vitest';
import { zooNetwork } from '../../onnx/load.ts';
import { evaluateReference } from '../evaluate/reference.ts';
import { partition } from '../partition.ts';
import { place } from '../place.ts';
import { resolveHardware } from '../presets.ts';
import { replicate } from '../replicate.ts';
import { RELEASED } from '../style.ts';
import { take } from './latency.fixture.ts';
import { scheduleLatency } from './latency.ts';

/*
 * Latency rows of the released program at its default chip, and at 256 x 256 crossbars: time in ns, MVMs, pairs of SEND and
 * RECV, bytes sent, bytes loaded, instruction groups. Measured with its own build (facts 1.10). googlenet's groups are left
 * out: the released program spins to its limit there. The zoo leaves out idle layers that the released program numbers, so
 * that its pool behind them runs in another core: times may differ a little.
 */
const ROWS = [
  ['squeezenet1.1', 'balance', 128, 2971658, 50962, 72099, 9879328, 482304, 49],
  ['squeezenet1.1', 'w0h0', 128, 2241196, 50962, 73388, 9790192, 528026, 48],
  ['squeezenet1.1', 'uniform', 128, 2911422, 50962, 67590, 9335040, 436300, 205],
  ['squeezenet1.1', 'balance', 256, 1524625, 40190, 69592, 9557008, 471864, 43],
  ['alexnet', 'balance', 128, 2192606, 32096, 16071, 5660032, 1342446, 40],
  ['alexnet', 'w0h0', 128, 2277175, 32096, 15009, 5733440, 1270970, 50],
  ['alexnet', 'uniform', 128, 3152382, 32096, 14992, 5712000, 784982, 157],
  ['caffenet', 'balance', 128, 3293545, 34903, 16869, 6075504, 1219400, 43],
  ['resnet18', 'balance', 128, 5362970, 132500, 96297, 16693840, 1130824, 97],
  ['resnet18', 'w0h0', 128, 4139256, 132500, 96361, 17004672, 1117652, 88],
  ['resnet18', 'balance', 256, 2691789, 74678, 92800, 15193344, 1089278, 68],
  ['mobilenet-v2', 'balance', 128, 8922569, 244961, 156497, 36776272, 541782, 219],
  ['resnet50', 'balance', 128, 9678608, 185432, 118933, 59004704, 944460, 192],
  ['googlenet', 'balance', 128, 5857080, 113639, 67902, 20462016, 1175108, undefined],
] as const;

const job = { signal: new AbortController().signal, progress: () => undefined };

describe('the released style in latency mode', () => {
  it.each(ROWS)('%s, %s, crossbars of %i', async (id, method, side, timeNs, mvms, pairs, sent, loaded, groups) => {
    const network = take(zooNetwork(id));
    const crossbar = { rows: side, columns: side };
    const hardware = take(resolveHardware({ base: 'pimcomp-default', crossbar, mvmLatencyNs: 800 }));
    const cut = take(partition(network, hardware, { style: RELEASED, unrolling: 'rows', mode: 'latency' }));
    const layers = take(replicate(cut, network, hardware, { style: RELEASED, method }));
    const mapping = take(place(layers, hardware, method));
    const options = { style: RELEASED, transferRounds: 1, memory: 'pixels' } as const;
    const program = await scheduleLatency(network, mapping, hardware, options, job);
    const evaluation = evaluateReference(program, mapping, hardware, network);
    expect(evaluation.mvms).toBe(mvms);
    if (groups !== undefined) expect(program.groups).toBe(groups);
    expect(evaluation.loadBytes).toBe(loaded);
    expect(Math.abs(evaluation.transfers / pairs - 1)).toBeLessThan(0.001);
    expect(Math.abs(evaluation.transferBytes / sent - 1)).toBeLessThan(0.001);
    expect(Math.abs(evaluation.timeNs / timeNs - 1)).toBeLessThan(0.01);
  });
});
