import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineJob } from '../../core/inline-job.ts';
import type { Network } from '../../onnx/network.ts';
import { evaluateOwn } from '../evaluate/own.ts';
import type { Hardware } from '../hardware.ts';
import { partition } from '../partition.ts';
import { replicateAndPlace } from '../place-fitting.ts';
import { resolveHardware } from '../presets.ts';
import { Sketch, take } from '../schedule/latency.fixture.ts';
import { scheduleThroughput } from '../schedule/throughput.ts';
import { OWN, RELEASED } from '../style.ts';
import type { Mapping } from '../types.ts';
import { smallNetwork } from '../verify/small-networks.fixture.ts';
import { orderForInOrder } from './in-order.ts';
import { LatestKeys } from './latest-keys.ts';
import { recordReceiveAddresses } from './receive-addresses.ts';
import { Op, type Program } from './types.ts';

const chip: Hardware = take(
  resolveHardware({
    base: 'pimcomp-default',
    cores: { x: 6, y: 4 },
    crossbar: { perCore: 8, rows: 16, columns: 8 },
    execution: 'out-of-order',
  }),
);

async function interleaved(network: Network, style = OWN): Promise<{ program: Program; mapping: Mapping } | undefined> {
  const layers = take(partition(network, chip, { style, unrolling: 'rows', mode: 'throughput' }));
  const mapping = replicateAndPlace(layers, network, chip, { style, method: 'balance' });
  if (!mapping.ok) return undefined;
  const options = { style, memory: 'add-reuse' } as const;
  const made = await scheduleThroughput(network, mapping.value, chip, options, inlineJob().signal);
  return { program: take(made), mapping: mapping.value };
}

/** A convolution whose matrix is cut into nine array groups, more than one of these small cores holds. */
function tall(): Network {
  const sketch = new Sketch();
  sketch.conv(sketch.input(1, 16, 6, 6), 24, {
    kernel: [3, 3],
    stride: [1, 1],
    pads: [1, 1, 1, 1],
    dilation: [1, 1],
  });
  return sketch.network('tall');
}

/** Every instruction with all its columns, core by core. */
function instructions(program: Program, core: number): string[] {
  const lines: string[] = [];
  for (let k = program.coreStart[core]!; k < program.coreStart[core + 1]!; k++) {
    const { op, stage, group, layer, replica, ag, window, dst, src1, src2, elements, pair, peer } = program;
    const columns = [op, stage, group, layer, replica, ag, window, dst, src1, src2, elements, pair, peer];
    const more = [program.immediate, program.stride, program.repeats];
    lines.push([...columns, ...more].map((column) => column[k]).join(' '));
  }
  return lines;
}

const PHASES: number[] = [Op.LD, Op.MVMUL, Op.VVADD, Op.ST];

describe('orderForInOrder', () => {
  it('keeps every instruction, the groups in order, and the order of a core’s transfers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100_000 }), async (seed) => {
        const made = await interleaved(smallNetwork(seed));
        if (!made) return;
        const { program } = made;
        const ordered = orderForInOrder(program, made.mapping.ags);
        for (let core = 0; core < program.cores; core++) {
          const [before, after] = [instructions(program, core), instructions(ordered, core)];
          expect(after.toSorted()).toEqual(before.toSorted());
          const transfers = (lines: string[]) => lines.filter((line) => /^(24|25) /.test(line));
          expect(transfers(after)).toEqual(transfers(before));
          const groups = ordered.group.subarray(ordered.coreStart[core], ordered.coreStart[core + 1]);
          expect(groups.every((group, k) => k === 0 || group >= groups[k - 1]!)).toBe(true);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('puts the loads of a group before its products, and these before the sums', async () => {
    const { program, mapping } = (await interleaved(tall()))!;
    /** Instructions that stand behind one of a later phase of the same core and group. */
    const late = (it: Program) => {
      let count = 0;
      for (let core = 0; core < it.cores; core++) {
        let furthest = 0;
        for (let k = it.coreStart[core]!; k < it.coreStart[core + 1]!; k++) {
          if (k === it.coreStart[core] || it.group[k] !== it.group[k - 1]) furthest = 0;
          const phase = PHASES.indexOf(it.op[k]!);
          if (phase >= 0 && phase < furthest) count++;
          furthest = Math.max(furthest, phase);
        }
      }
      return count;
    };
    expect(late(program)).toBeGreaterThan(0);
    expect(late(orderForInOrder(program, mapping.ags))).toBe(0);
  });

  it('lets an in-order core run products side by side', async () => {
    const { program, mapping } = (await interleaved(tall(), RELEASED))!;
    const target: Hardware = { ...chip, execution: 'in-order' };
    const before = evaluateOwn(program, mapping, target).timeNs;
    const after = evaluateOwn(orderForInOrder(program, mapping.ags), mapping, target).timeNs;
    expect(after).toBeLessThan(0.7 * before);
  });
});

describe('LatestKeys', () => {
  it('answers as one number a place would', () => {
    const range = fc.tuple(fc.nat(199), fc.nat(199)).map(([a, b]) => (a < b ? [a, b] : [b, a]) as [number, number]);
    fc.assert(
      fc.property(fc.array(fc.tuple(range, fc.nat(50)), { maxLength: 40 }), fc.array(range), (raised, asked) => {
        const keys = new LatestKeys(200);
        const plain = new Array<number>(200).fill(0);
        for (const [[from, to], key] of raised) {
          keys.raise(from, to, key);
          for (let at = from; at < to; at++) plain[at] = Math.max(plain[at]!, key);
        }
        for (const [from, to] of asked) expect(keys.latest(from, to, 3)).toBe(Math.max(3, ...plain.slice(from, to)));
      }),
    );
  });
});

describe('recordReceiveAddresses', () => {
  it('gives each send the address at which its pair receives', async () => {
    const { program } = (await interleaved(tall()))!;
    recordReceiveAddresses(program);
    const received = new Map<number, number>();
    for (let k = 0; k < program.count; k++)
      if (program.op[k] === Op.RECV) received.set(program.pair[k]!, program.dst[k]!);
    expect(received.size).toBeGreaterThan(0);
    for (let k = 0; k < program.count; k++)
      if (program.op[k] === Op.SEND) expect(program.dst[k]).toBe(received.get(program.pair[k]!));
  });
});
