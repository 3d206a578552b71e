import { describe, expect, it } from 'vitest';
import type { Result } from '../core/result.ts';
import { zooNetwork } from '../onnx/load.ts';
import { partition } from './partition.ts';
import { crossbarsOf } from './partition-ags.ts';
import { replicateAndPlace } from './place-fitting.ts';
import { resolveHardware } from './presets.ts';
import { OWN, RELEASED } from './style.ts';

/*
 * Crossbars and array groups of the released program: network, method, side of a crossbar. Measured with its own build
 * (facts 1.10); the same in both modes.
 */
const ROWS = [
  ['squeezenet1.1', 'balance', 128, 4716, 3998],
  ['squeezenet1.1', 'w0h0', 128, 7644, 5194],
  ['squeezenet1.1', 'uniform', 128, 7668, 4118],
  ['alexnet', 'balance', 128, 6670, 1721],
  ['alexnet', 'w0h0', 128, 8182, 2150],
  ['alexnet', 'uniform', 128, 8184, 2016],
  ['caffenet', 'balance', 128, 6631, 1658],
  ['caffenet', 'w0h0', 128, 8125, 2093],
  ['caffenet', 'uniform', 128, 8184, 2016],
  ['resnet18', 'balance', 128, 5334, 4136],
  ['resnet18', 'w0h0', 128, 7352, 4636],
  ['resnet18', 'uniform', 128, 7677, 2721],
  ['resnet50', 'balance', 128, 6123, 3682],
  ['resnet50', 'w0h0', 128, 6776, 3232],
  ['resnet50', 'uniform', 128, 7368, 2106],
  ['mobilenet-v2', 'balance', 128, 7579, 3180],
  ['mobilenet-v2', 'w0h0', 128, 4194, 1472],
  ['mobilenet-v2', 'uniform', 128, 5932, 1200],
  ['googlenet', 'balance', 128, 5152, 3639],
  ['googlenet', 'w0h0', 128, 7656, 5240],
  ['googlenet', 'uniform', 128, 7594, 4643],
  ['vgg16', 'uniform', 128, 8454, 523],
  ['squeezenet1.1', 'balance', 256, 4652, 4526],
  ['alexnet', 'balance', 256, 5128, 3633],
  ['resnet18', 'balance', 256, 4806, 4562],
  ['resnet50', 'balance', 256, 5015, 4352],
  ['mobilenet-v2', 'balance', 256, 5453, 3950],
  ['googlenet', 'balance', 256, 4812, 4552],
  ['vgg16', 'balance', 256, 5788, 3607],
] as const;

type Method = (typeof ROWS)[number][1];

function take<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problems[0]!.what);
  return result.value;
}

function mapped(id: string, method: Method, side: number, style = RELEASED) {
  const network = take(zooNetwork(id));
  const hardware = take(resolveHardware({ base: 'pimcomp-default', crossbar: { rows: side, columns: side } }));
  const layers = take(partition(network, hardware, { style, unrolling: 'rows', mode: 'throughput' }));
  return { hardware, result: replicateAndPlace(layers, network, hardware, { style, method }) };
}

describe('the released style', () => {
  it.each(ROWS)('%s, %s, crossbars of %i', (id, method, side, crossbars, groups) => {
    const { hardware, result } = mapped(id, method, side);
    const { layers, ags } = take(result);
    expect(crossbarsOf(layers, hardware)).toBe(crossbars);
    expect(ags.crossbars.reduce((sum, count) => sum + count, 0)).toBe(crossbars);
    expect(ags.count).toBe(groups);
  });

  it('compiles vgg16 where the released program aborts: what does not fit is given back', () => {
    const balanced = mapped('vgg16', 'balance', 128);
    const mapping = take(balanced.result);
    // Balance asks for 9,288 crossbars of 9,216 (facts 1.10).
    expect(mapping.method).toMatch(/^balance, first fit, less \d+ replicas$/);
    expect(crossbarsOf(mapping.layers, balanced.hardware)).toBeLessThanOrEqual(9216);
    const proportional = mapped('vgg16', 'w0h0', 128);
    const single = take(proportional.result);
    expect(single.layers.every(({ replication }) => replication === 1)).toBe(true);
    expect(crossbarsOf(single.layers, proportional.hardware)).toBe(8454);
  });

  it('says by how much a network does not fit, and what would do', () => {
    const network = take(zooNetwork('vgg16'));
    const hardware = take(resolveHardware({ base: 'pimcomp-default', cores: { x: 11, y: 12 } }));
    const layers = take(partition(network, hardware, { style: RELEASED, unrolling: 'rows', mode: 'throughput' }));
    const result = replicateAndPlace(layers, network, hardware, { style: RELEASED, method: 'balance' });
    expect(result).toMatchObject({ ok: false, problems: [{ code: 'does-not-fit' }] });
    const { what, remedy } = result.ok ? { what: '', remedy: '' } : result.problems[0]!;
    expect(what).toBe('The network needs 8,454 crossbars and the chip has 8,448 (100.1 %): 6 too few.');
    expect(remedy).toContain('133 cores');
  });
});

describe('the own style', () => {
  it.each(['balance', 'w0h0', 'uniform'] as const)('compiles vgg16 by %s', (method) => {
    const { hardware, result } = mapped('vgg16', method, 128, OWN);
    const crossbars = crossbarsOf(take(result).layers, hardware);
    expect(crossbars).toBeGreaterThanOrEqual(8454);
    expect(crossbars).toBeLessThanOrEqual(9216);
  });

  it('gives replicas back where the chip is too full for them, and says so', () => {
    const { hardware, result } = mapped('mobilenet-v2', 'balance', 128, OWN);
    const mapping = take(result);
    expect(mapping.method).toMatch(/^balance, first fit, less \d+ replicas?$/);
    expect(crossbarsOf(mapping.layers, hardware)).toBeGreaterThan(9100);
  });
});
