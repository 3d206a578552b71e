import { describe, expect, it } from 'vitest';
import { inlineJob } from '../core/inline-job.ts';
import { compile } from './compile.ts';
import { startingMode } from './judge.ts';
import { type ArrayRole, placeRoles } from './place.ts';
import { slice } from './slice.ts';
import type { CimProblem } from './types.ts';

const count = (arrays: readonly ArrayRole[], holds: (each: ArrayRole) => boolean) => arrays.filter(holds).length;

describe.each(['vgg8', 'resnet18', 'mobilenet-v2'])('roles of arrays: %s', (model) => {
  it('are those that the plan deals out, in the mode that each needs, with no switch more than is judged', async () => {
    const result = await compile({ ...slice.defaults, model }, inlineJob());
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { hardware, rules, problem, plans } = result.value;
    const whole: CimProblem = { ...problem, hardware, rules };
    for (const { segments } of plans) {
      let modes = Array.from({ length: hardware.arrays }, (_, at) => at < startingMode(hardware));
      for (const { segment, arrays } of placeRoles(whole, segments)) {
        const { allocations, shared, cost } = segments[segment]!;
        expect(arrays).toHaveLength(hardware.arrays);
        for (const { role, mode } of arrays) {
          if (role !== 'idle') expect(mode).toBe(role === 'compute' ? 'compute' : 'memory');
        }
        for (const { operator, compute, memoryIn, memoryOut } of allocations) {
          const out = shared.reduce((sum, each) => sum + (each.from === operator ? each.arrays : 0), 0);
          const into = shared.reduce((sum, each) => sum + (each.to === operator ? each.arrays : 0), 0);
          const own = (role: ArrayRole['role']) =>
            count(arrays, (each) => each.role === role && each.operator === operator);
          expect([own('compute'), own('input'), own('output')]).toEqual([compute, memoryIn - into, memoryOut - out]);
          expect(own('shared')).toBe(out);
        }
        const next = arrays.map(({ mode }) => mode === 'compute');
        expect(arrays.map(({ switched }) => switched)).toEqual(next.map((each, at) => each !== modes[at]));
        expect(count(arrays, ({ switched, mode }) => switched && mode === 'compute')).toBe(cost.toCompute);
        expect(count(arrays, ({ switched, mode }) => switched && mode === 'memory')).toBe(cost.toMemory);
        modes = next;
      }
    }
  });
});
