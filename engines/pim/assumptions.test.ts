import { describe, expect, it } from 'vitest';
import { type AssumptionContext, assumptionsOf } from './assumptions.ts';
import { chipOf } from './evaluate/small-program.ts';

const context = (changes: Partial<AssumptionContext> = {}): AssumptionContext => {
  return { hardware: chipOf(), evaluator: 'own', mode: 'latency', baselines: [], ...changes };
};
const ids = (changes: Partial<AssumptionContext>) => assumptionsOf(context(changes)).map((it) => it.id);

describe('assumptionsOf', () => {
  it('tells the clock in force, and not the other', () => {
    const reference = assumptionsOf(context({ evaluator: 'reference', hardware: chipOf({ mvmLatencyNs: 800 }) }));
    expect(reference.find((it) => it.id === 'reference-product-time')?.value).toBe('800 ns');
    expect(reference.map((it) => it.id)).not.toContain('look-ahead');
    expect(ids({})).not.toContain('reference-product-time');
  });

  it('tells what bears on the chip', () => {
    expect(ids({ hardware: chipOf({ communication: 'asynchronous', execution: 'in-order' }) })).toEqual(
      expect.arrayContaining(['asynchronous-buffers', 'in-order', 'bus']),
    );
    expect(ids({})).not.toContain('asynchronous-buffers');
  });

  it('always says that programming the cells is not counted, and labels baselines', () => {
    const all = assumptionsOf(context({ baselines: ['puma-like'] }));
    expect(all.map((it) => it.id)).toEqual(expect.arrayContaining(['no-programming', 'puma-like']));
    expect(all.find((it) => it.id === 'puma-like')?.reason).toContain('not by its authors');
    expect(new Set(all.map((it) => it.id)).size).toBe(all.length);
  });
});
