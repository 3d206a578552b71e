import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { zooNetwork } from '../onnx/load.ts';
import { layerPrograms } from './baselines/layer-programs.ts';
import { oneLayerACore } from './baselines/one-layer-a-core.ts';
import { type BaselineContext, RELOAD_BATCH, runBaseline } from './baselines.ts';
import { evaluateReference } from './evaluate/reference.ts';
import { REFERENCE_MVM_NS } from './evaluate/reference-walk.ts';
import { mappingOf, product, programOf } from './evaluate/small-program.ts';
import { coreCount, type Hardware } from './hardware.ts';
import { partition } from './partition.ts';
import { resolveHardware } from './presets.ts';
import type { Program } from './program/types.ts';
import { Op } from './program/types.ts';
import { scheduleThroughput } from './schedule/throughput.ts';
import { RELEASED } from './style.ts';
import type { Mode } from './types.ts';

const { signal } = inlineJob();

function must<T>(result: { ok: true; value: T } | { ok: false; problems: { what: string }[] }): T {
  if (!result.ok) throw new Error(result.problems[0]!.what);
  return result.value;
}

function contextOf(net: string, hardware: Hardware, mode: Mode): BaselineContext {
  const network = must(zooNetwork(net));
  const layers = must(partition(network, hardware, { style: RELEASED, unrolling: 'rows', mode }));
  return {
    network,
    hardware,
    style: RELEASED,
    mode,
    layers,
    schedule: (mapping) =>
      scheduleThroughput(network, mapping, hardware, { style: RELEASED, memory: 'ag-reuse' }, signal),
    evaluate: (program: Program, mapping) => evaluateReference(program, mapping, hardware, network),
  };
}

const chip = must(resolveHardware({ base: 'pimcomp-default', mvmLatencyNs: REFERENCE_MVM_NS }));
const small = must(
  resolveHardware({ base: 'pimcomp-default', cores: { x: 4, y: 4 }, crossbar: { perCore: 16, rows: 64, columns: 64 } }),
);

describe('layerPrograms', () => {
  it('takes a program apart by layer, core by core, in order', () => {
    const program = programOf([
      [product(0), { op: Op.VRELU, layer: 1, elements: 3 }, product(1)],
      [
        { op: Op.LD, layer: 1, elements: 4 },
        { op: Op.LD, layer: 0, elements: 5 },
      ],
    ]);
    const parts = [...layerPrograms(program)];
    expect(parts.map((it) => it.layer)).toEqual([0, 1]);
    expect(parts.map((it) => [...it.program.coreStart])).toEqual([
      [0, 2, 3],
      [0, 1, 2],
    ]);
    expect([...parts[0]!.program.ag]).toEqual([0, 1, -1]);
    expect([...parts[1]!.program.elements]).toEqual([3, 4]);
    // Each can be run.
    expect(evaluateReference(parts[0]!.program, mappingOf(2), chip).mvms).toBe(2);
  });
});

describe('oneLayerACore', () => {
  it('gives every replica cores of its own, and balances what is left', () => {
    const context = contextOf('lenet5', small, 'throughput');
    const { layers, ags } = must(oneLayerACore(context.layers, context.network, small, RELEASED));
    const owner = new Map<number, string>();
    for (let ag = 0; ag < ags.count; ag++) {
      const whose = `${ags.mapped[ag]}/${ags.replica[ag]}`;
      expect(owner.get(ags.core[ag]!) ?? whose).toBe(whose);
      owner.set(ags.core[ag]!, whose);
    }
    expect(Math.max(...owner.keys())).toBeLessThan(coreCount(small));
    // The first layers have most windows.
    expect(layers[0]!.replication).toBeGreaterThan(1);
    expect(layers.at(-1)!.replication).toBe(1);
  });

  it('says how many cores are missing', () => {
    const few = { ...small, cores: { x: 2, y: 1 } };
    const context = contextOf('lenet5', few, 'throughput');
    const result = oneLayerACore(context.layers, context.network, few, RELEASED);
    expect(result.ok ? '' : result.problems[0]!.what).toMatch(/needs \d+ cores and the chip has 2/);
  });
});

describe('runBaseline', () => {
  it('orders the methods in throughput mode as their descriptions let expect', async () => {
    const context = contextOf('squeezenet', chip, 'throughput');
    const run = async (id: Parameters<typeof runBaseline>[0]) => must(await runBaseline(id, context, { signal }));
    const puma = await run('puma-like');
    const polyhedral = await run('polyhedral-like');
    const moved = await run('layer-by-layer');
    expect(puma.label).toContain('re-implementation');
    // Replicas shorten the slowest layer; without a pipeline all layers add up.
    expect(polyhedral.timeNs).toBeLessThan(puma.timeNs);
    expect(moved.timeNs).toBeGreaterThan(puma.timeNs);
    expect(polyhedral.crossbars).toBeGreaterThan(puma.crossbars);
    for (const result of [puma, polyhedral, moved]) expect(result.energyPj).toBeGreaterThan(0);
  });

  it('counts the moving of weights once a sample, or once a batch', async () => {
    const latency = must(await runBaseline('layer-by-layer', contextOf('lenet5', small, 'latency'), { signal }));
    const throughput = must(await runBaseline('layer-by-layer', contextOf('lenet5', small, 'throughput'), { signal }));
    // LeNet-5 has 61,470 weights of two bytes, and 64 of them arrive in a nanosecond.
    const reload = (61_470 * 2) / 64;
    expect(latency.timeNs - throughput.timeNs).toBeCloseTo(reload * (1 - 1 / RELOAD_BATCH), 6);
  });

  it('says what does not fit', async () => {
    const few = { ...small, cores: { x: 1, y: 1 } };
    const result = await runBaseline('puma-like', contextOf('lenet5', few, 'throughput'), { signal });
    expect(result.ok ? '' : result.problems[0]!.code).toBe('does-not-fit');
  });
});
