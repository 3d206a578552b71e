import { describe, expect, it } from 'vitest';
import { zooNetwork } from '../../onnx/load.ts';
import { evaluateReference } from '../evaluate/reference.ts';
import { partition } from '../partition.ts';
import { replicateAndPlace } from '../place-fitting.ts';
import { resolveHardware } from '../presets.ts';
import { RELEASED } from '../style.ts';
import { take } from './latency.fixture.ts';
import { scheduleThroughput } from './throughput.ts';

/*
 * Throughput rows of the released program: time in ns, MVMs, pairs of SEND and RECV, bytes sent, bytes loaded, groups.
 * Measured with its own build (facts 1.10). Loads differ, as it keeps what is local by a hash whose collisions it does not
 * resolve; all other rows were compared too, none is further off.
 */
const ROWS = [
  ['squeezenet1.1', 'balance', 128, 249033, 50962, 430, 228976, 4727808, 13],
  ['squeezenet1.1', 'w0h0', 128, 275085, 50962, 296, 60448, 4769424, 15],
  ['alexnet', 'balance', 256, 110291, 17988, 223, 242336, 5227056, 6],
  ['alexnet', 'uniform', 128, 1891595, 32096, 897, 931136, 6817872, 146],
  ['caffenet', 'w0h0', 128, 530723, 34903, 1005, 962112, 7512272, 39],
  ['resnet18', 'balance', 128, 470023, 132500, 1802, 742864, 14293254, 33],
  ['resnet50', 'w0h0', 128, 941460, 185432, 2957, 2723104, 27804982, 66],
  ['googlenet', 'balance', 256, 344595, 62430, 399, 154320, 14850898, 14],
] as const;

describe('the released style in throughput mode', () => {
  it.each(ROWS)('%s, %s, crossbars of %i', async (id, method, side, timeNs, mvms, pairs, sent, loaded, groups) => {
    const network = take(zooNetwork(id));
    const crossbar = { rows: side, columns: side };
    const hardware = take(resolveHardware({ base: 'pimcomp-default', crossbar, mvmLatencyNs: 800 }));
    const layers = take(partition(network, hardware, { style: RELEASED, unrolling: 'rows', mode: 'throughput' }));
    const mapping = take(replicateAndPlace(layers, network, hardware, { style: RELEASED, method }));
    const options = { style: RELEASED, memory: 'ag-reuse' } as const;
    const signal = new AbortController().signal;
    const program = take(await scheduleThroughput(network, mapping, hardware, options, signal));
    const evaluation = evaluateReference(program, mapping, hardware, network);
    expect(evaluation.mvms).toBe(mvms);
    expect(program.groups).toBe(groups);
    expect(evaluation.transfers).toBe(pairs);
    expect(evaluation.transferBytes).toBe(sent);
    expect(Math.abs(evaluation.loadBytes / loaded - 1)).toBeLessThan(0.065);
    expect(Math.abs(evaluation.timeNs / timeNs - 1)).toBeLessThan(0.015);
  });
});
