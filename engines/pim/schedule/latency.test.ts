import { describe, expect, it } from 'vitest';
import type { Network } from '../../onnx/network.ts';
import type { Hardware } from '../hardware.ts';
import { partition } from '../partition.ts';
import { place } from '../place.ts';
import { resolveHardware } from '../presets.ts';
import { Op, type Program } from '../program/types.ts';
import { replicate } from '../replicate.ts';
import { OWN, RELEASED } from '../style.ts';
import type { Mapping } from '../types.ts';
import { verifyProgram } from '../verify/verify.ts';
import { Sketch, square, take } from './latency.fixture.ts';
import { type LatencyOptions, scheduleLatency } from './latency.ts';

/** A classifier with padding, both kinds of pool, and FC layers behind a flattened map. */
function classifier(): Network {
  const sketch = new Sketch();
  const input = sketch.input(1, 1, 12, 12);
  const first = sketch.conv(input, 6, square(5, 1, 2), 1, { activation: { how: 'relu' } });
  const second = sketch.conv(sketch.pool(first, square(2, 2)), 16, square(3));
  const flat = sketch.move(sketch.pool(second, square(2, 2), 'average'), 'flatten', [1, 64]);
  const last = sketch.fc(sketch.fc(flat, 40, { activation: { how: 'tanh' } }), 10);
  sketch.layer({ op: 'softmax', axis: 1 }, [last]);
  return sketch.network('classifier');
}

/** Branches that join by addition, concatenation and difference. */
function branches(): Network {
  const sketch = new Sketch();
  const input = sketch.input(1, 3, 9, 9);
  const stem = sketch.conv(input, 20, square(3, 2, 1), 1, { normalised: true });
  const clip = { activation: { how: 'clip', min: 0, max: 1 } } as const;
  const side = sketch.conv(stem, 20, square(3, 1, 1), 1, clip);
  const sum = sketch.layer({ op: 'eltwise', how: 'add' }, [stem, side]);
  const relu = sketch.layer({ op: 'activation', how: 'relu' }, [sum]);
  const parts = [sketch.conv(relu, 8, square(1)), sketch.conv(relu, 12, square(3, 1, 1))];
  const joined = sketch.layer({ op: 'concat', axis: 1 }, parts, [1, 20, 5, 5]);
  const difference = sketch.layer({ op: 'eltwise', how: 'sub' }, [joined, sum]);
  sketch.pool(difference, square(3, 2, 1));
  return sketch.network('branches');
}

/** Grouped, depthwise and dilated convolutions, and a channel shuffle. */
function grouped(): Network {
  const sketch = new Sketch();
  const input = sketch.input(1, 6, 8, 8);
  const shuffled = sketch.layer({ op: 'move', how: 'shuffle', groups: 3 }, [
    sketch.conv(input, 12, square(3, 1, 1), 3),
  ]);
  const depthwise = sketch.conv(shuffled, 12, square(3, 2, 1), 12, { activation: { how: 'hard-swish' } });
  const dilated = sketch.conv(sketch.conv(depthwise, 24, square(1), 4), 40, square(3, 1, 2, 2), 2);
  sketch.fc(sketch.move(sketch.pool(dilated, square(4), 'average', true), 'flatten', [1, 40]), 33);
  return sketch.network('grouped');
}

/** Two samples; squeeze and excitation (a product stretched over the map), resizing, normalisations, a reduction. */
function excited(): Network {
  const sketch = new Sketch();
  const map = sketch.conv(sketch.input(2, 5, 6, 6), 18, square(3, 1, 1));
  const squeezed = sketch.conv(sketch.pool(map, square(6), 'average', true), 4, square(1));
  const gates = sketch.conv(squeezed, 18, square(1), 1, { activation: { how: 'hard-sigmoid' } });
  const scaled = sketch.layer({ op: 'eltwise', how: 'mul' }, [map, gates]);
  const larger = sketch.layer({ op: 'resize', method: 'nearest' }, [scaled], [2, 18, 9, 9]);
  const learned = { parameters: 36 };
  const batch = sketch.layer({ op: 'normalise', how: 'batch' }, [larger], undefined, learned);
  const instance = sketch.layer({ op: 'normalise', how: 'instance' }, [batch], undefined, learned);
  sketch.fc(sketch.layer({ op: 'reduce', how: 'mean', axes: [2, 3] }, [instance], [2, 18]), 7);
  return sketch.network('excited');
}

/** A transformer block of three heads, a class token taken out of it, and reductions of its rows. */
function attention(): Network {
  const [length, width, heads] = [6, 24, 3];
  const each = width / heads;
  const sketch = new Sketch();
  const input = sketch.input(1, length, width);
  const normal = sketch.layer({ op: 'normalise', how: 'layer' }, [input], undefined, { parameters: 2 * width });
  const split = () => {
    const rows = sketch.move(sketch.fc(normal, width), 'reshape', [1, length, heads, each]);
    return sketch.move(rows, 'transpose', [1, heads, length, each], { order: [0, 2, 1, 3] });
  };
  const [queries, keys, values] = [split(), split(), split()];
  const turned = sketch.move(keys, 'transpose', [1, heads, each, length], { order: [0, 1, 3, 2] });
  const shape = { op: 'matmul', batch: heads, rows: length } as const;
  const scores = sketch.layer(
    { ...shape, inner: each, columns: length },
    [queries, turned],
    [1, heads, length, length],
  );
  const softer = sketch.layer({ op: 'eltwise', how: 'mul', constant: 0.375 }, [scores]);
  const weights = sketch.layer({ op: 'softmax', axis: 3 }, [softer]);
  const mixed = sketch.layer({ ...shape, inner: length, columns: each }, [weights, values], [1, heads, length, each]);
  const together = sketch.move(mixed, 'transpose', [1, length, heads, each], { order: [0, 2, 1, 3] });
  const projected = sketch.fc(sketch.move(together, 'reshape', [1, length, width]), width);
  const residual = sketch.layer({ op: 'eltwise', how: 'add' }, [input, projected]);
  const again = sketch.layer({ op: 'normalise', how: 'rms' }, [residual], undefined, { parameters: width });
  const wide = sketch.fc(again, 40, { activation: { how: 'gelu' } });
  const block = sketch.layer({ op: 'eltwise', how: 'add' }, [residual, sketch.fc(wide, width)]);
  const token = sketch.move(block, 'slice', [1, 1, width], { slice: { axis: 1, start: 0, step: 1 } });
  sketch.fc(sketch.move(token, 'reshape', [1, width]), 5);
  sketch.layer({ op: 'reduce', how: 'max', axes: [1] }, [block], [1, width]);
  sketch.layer({ op: 'reduce', how: 'mean', axes: [2] }, [block], [1, length]);
  return sketch.network('attention');
}

/** Splits, joins along every axis, transposed maps, pointwise functions with a slope, and rarer normalisations. */
function moved(): Network {
  const sketch = new Sketch();
  const map = sketch.conv(sketch.input(1, 4, 5, 5), 10, square(3, 1, 1));
  const part = (start: number, channels: number) =>
    sketch.move(map, 'split', [1, channels, 5, 5], { slice: { axis: 1, start, step: 1 } });
  const swapped = sketch.layer({ op: 'concat', axis: 1 }, [part(4, 6), part(0, 4)], [1, 10, 5, 5]);
  const turned = sketch.move(swapped, 'transpose', [1, 5, 10, 5], { order: [0, 2, 1, 3] });
  sketch.layer({ op: 'normalise', how: 'lrn' }, [sketch.conv(turned, 6, square(3, 1, 1))]);
  const tall = sketch.layer({ op: 'concat', axis: 2 }, [swapped, swapped], [1, 10, 10, 5]);
  const rows = sketch.move(sketch.move(tall, 'reshape', [1, 10, 50]), 'transpose', [1, 50, 10], { order: [0, 2, 1] });
  const leaky = sketch.fc(rows, 8, { activation: { how: 'leaky-relu', alpha: 0.25 } });
  const one = sketch.move(leaky, 'slice', [1, 1, 8], { slice: { axis: 1, start: 3, step: 1 } });
  const longer = sketch.layer({ op: 'concat', axis: 1 }, [one, leaky], [1, 51, 8]);
  sketch.layer({ op: 'normalise', how: 'l2' }, [longer]);
  sketch.layer({ op: 'softmax', axis: 1 }, [longer]);
  return sketch.network('moved');
}

/** Maps that grow by their padding, so that inputs are fewer than outputs. */
function padded(): Network {
  const sketch = new Sketch();
  const relu = { activation: { how: 'relu' } } as const;
  const larger = sketch.conv(sketch.input(1, 3, 5, 4), 7, square(3, 1, 2), 1, relu);
  sketch.pool(sketch.conv(larger, 5, square(5, 2, 4), 1, relu), square(3, 1, 1), 'average');
  return sketch.network('padded');
}

const NETWORKS = { classifier, branches, grouped, excited, attention, moved, padded };

const CHIP = { base: 'pimcomp-default', cores: { x: 3, y: 3 }, crossbar: { perCore: 8, rows: 16, columns: 16 } };
const job = { signal: new AbortController().signal, progress: () => undefined };

interface Variant extends Partial<LatencyOptions> {
  unrolling?: 'rows' | 'table-iv';
  hardware?: Partial<Hardware>;
}

async function compile(network: Network, { hardware: changes, unrolling = 'rows', ...options }: Variant = {}) {
  const style = options.style ?? OWN;
  const hardware = take(resolveHardware({ ...CHIP, ...changes }));
  const cut = take(partition(network, hardware, { style, unrolling, mode: 'latency' }));
  const layers = take(replicate(cut, network, hardware, { style, method: 'uniform' }));
  const mapping = take(place(layers, hardware, 'uniform'));
  const all: LatencyOptions = { style, transferRounds: 1, memory: 'pixels', ...options };
  return { mapping, program: await scheduleLatency(network, mapping, hardware, all, job) };
}

async function expectRight(network: Network, { mapping, program }: { mapping: Mapping; program: Program }) {
  const verified = take(await verifyProgram(network, mapping, program, { seed: 1, ...job }));
  expect(verified.layers.map(({ name, agrees }) => ({ name, agrees }))).toEqual(
    network.layers.filter((layer) => layer.consumers.length === 0).map(({ name }) => ({ name, agrees: true })),
  );
}

const VARIANTS: Record<string, Variant> = {
  'its own manner': {},
  'every pixel sent at once': { transferRounds: 0 },
  'transfers every third round': { transferRounds: 3 },
  'memory never given back': { memory: 'naive' },
  'kernels in columns': { unrolling: 'table-iv', hardware: { cores: { x: 4, y: 4 } } },
  'layers wider than a core': {
    hardware: { cores: { x: 16, y: 16 }, crossbar: { perCore: 1, rows: 16, columns: 16 } as Hardware['crossbar'] },
  },
};

describe('a latency program computes what its network computes', () => {
  for (const [name, make] of Object.entries(NETWORKS)) {
    it.each(Object.entries(VARIANTS))(`${name}: %s`, async (_, variant) => {
      const network = make();
      await expectRight(network, await compile(network, variant));
    });
  }

  it('with each of the unrollings of Table IV', async () => {
    const used = new Set<string>();
    for (const make of [branches, padded]) {
      const { mapping } = await compile(make(), VARIANTS['kernels in columns']);
      for (const layer of mapping.layers) used.add(layer.unrolling);
    }
    expect([...used].sort()).toEqual(['half-columns', 'kernel-columns', 'rows']);
  });

  it('in the released style too, where that computes all layers', async () => {
    const network = branches();
    await expectRight(network, await compile(network, { style: RELEASED, hardware: { cores: { x: 4, y: 4 } } }));
  });
});

describe('latency mode', () => {
  it('sends a pixel at most once between two cores', async () => {
    const { program } = await compile(branches());
    const sent = new Set<string>();
    for (let core = 0; core < program.cores; core++) {
      for (let at = program.coreStart[core]!; at < program.coreStart[core + 1]!; at++) {
        // Sums of array groups travel in the stage MAIN, pixels in POST.
        if (program.op[at] !== Op.SEND || program.stage[at] !== 6) continue;
        const key = `${program.layer[at]}/${program.window[at]}/${core}/${program.peer[at]}`;
        expect(sent.has(key)).toBe(false);
        sent.add(key);
      }
    }
    expect(sent.size).toBeGreaterThan(100);
  });

  it('takes less memory the sooner it is given back', async () => {
    const network = classifier();
    const most = async (variant: Variant) => Math.max(...(await compile(network, variant)).program.localElements);
    const managed = await most({});
    expect(await most({ memory: 'naive' })).toBeGreaterThan(3 * managed);
  });

  it('is the same every time', async () => {
    const [one, two] = [await compile(attention()), await compile(attention())];
    expect(two.program).toEqual(one.program);
  });

  it('takes no more rounds than a replica has windows and the network has layers', async () => {
    const network = classifier();
    const { program, mapping } = await compile(network);
    const longest = Math.max(...mapping.layers.map((layer) => Math.ceil(layer.windows / layer.replication)));
    expect(program.groups).toBeLessThan(2 * longest + network.layers.length);
    expect(program.groups).toBeGreaterThanOrEqual(longest);
  });

  it('never lets a round fall along the program of a core', async () => {
    const { program } = await compile(grouped());
    for (let core = 0; core < program.cores; core++) {
      const groups = program.group.subarray(program.coreStart[core], program.coreStart[core + 1]);
      expect(groups.every((group, at) => at === 0 || group >= groups[at - 1]!)).toBe(true);
    }
  });

  it('can be cancelled', async () => {
    const network = classifier();
    const stop = new AbortController();
    const { mapping } = await compile(network);
    stop.abort();
    const hardware = take(resolveHardware(CHIP));
    const options: LatencyOptions = { style: OWN, transferRounds: 1, memory: 'pixels' };
    await expect(
      scheduleLatency(network, mapping, hardware, options, { ...job, signal: stop.signal }),
    ).rejects.toThrow();
  });
});
