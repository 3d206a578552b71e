import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMBINATIONAL } from './cells.ts';
import { Circuit } from './circuit.ts';
import { cornerOf, STUDIO45_CORNERS } from './corners.ts';
import { DEVICE, type Device, deviceAt } from './device.ts';

const typical = deviceAt(cornerOf('typical'));

function circuitOf(name: string): Circuit {
  const spec = COMBINATIONAL.find((it) => it.name === name);
  if (!spec) throw new Error(name);
  return new Circuit(spec.inputs, spec.stages);
}

/** Mean of both edges through the middle of a chain of inverters that each drive four. */
function fanOutOfFourPs(device: Device): number {
  const inverter = circuitOf('INV_X1');
  const load = 4 * inverter.capacitanceFf('A');
  let slew = 20;
  let sum = 0;
  for (let stage = 0; stage < 20; stage++) {
    const state = inverter.settle([{ A: stage % 2 === 0 ? 0 : 1 }]);
    const [move] = inverter.edge(state, 'A', slew, device, ['Y'], load);
    slew = move?.slewPs ?? 0;
    if (stage >= 18) sum += move?.atPs ?? 0;
  }
  return sum / 2;
}

describe('the device model', () => {
  it('has the resistance of the alpha-power law', () => {
    const saturationMa = 1.1 * (1.1 - 0.4) ** 1.3;
    expect(typical.resistanceKohmUm.n).toBeCloseTo((0.75 * 1.1) / saturationMa, 9);
    expect(typical.resistanceKohmUm.p).toBeCloseTo((2 * (0.75 * 1.1)) / saturationMa, 9);
  });

  it('delays a step by ln 2 RC, and a fast ramp by the share of Sakurai and Newton', () => {
    expect(typical.delayPs(10, 0)).toBeCloseTo(10 * Math.LN2, 9);
    const share = 0.5 - (1 - 0.4 / 1.1) / 2.3;
    const ramp = 0.001;
    expect((typical.delayPs(10, ramp * 0.6) - typical.delayPs(10, 0)) / ramp).toBeCloseTo(share, 4);
  });

  it('has delays and slews that grow with RC and with the slew of the input', () => {
    const ps = fc.double({ min: 0.01, max: 500, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...STUDIO45_CORNERS), ps, ps, ps, (corner, rc, slew, more) => {
        const device = deviceAt(corner);
        for (const of of [device.delayPs, device.slewPs]) {
          expect(of(rc + more, slew)).toBeGreaterThan(of(rc, slew));
          expect(of(rc, slew + more)).toBeGreaterThan(of(rc, slew));
        }
      }),
    );
  });

  it('leaks by the stated formula, less in stacks, with equal currents through them', () => {
    const thermal = 8.617333e-5 * 298.15;
    const current = (source: number, drop: number) =>
      18000 * Math.exp((0.1 * drop - source - 0.4) / (1.5 * thermal)) * (1 - Math.exp(-drop / thermal));
    expect(typical.offCurrentNa('n', [1])).toBeCloseTo(current(0, 1.1), 6);
    const pair = typical.offCurrentNa('n', [1, 1]);
    // Between the two: the voltage at which the lower one carries that current.
    let [low, high] = [0, 1.1];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (current(0, middle) < pair) low = middle;
      else high = middle;
    }
    expect(current(low, 1.1 - low) / pair).toBeCloseTo(1, 6);
    const width = fc.double({ min: 0.1, max: 4, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...STUDIO45_CORNERS),
        fc.array(width, { minLength: 1, maxLength: 3 }),
        width,
        (corner, widths, more) => {
          const device = deviceAt(corner);
          const stack = device.offCurrentNa('p', widths);
          expect(stack).toBeGreaterThan(0);
          expect(device.offCurrentNa('p', [...widths, more])).toBeLessThan(stack);
          expect(
            device.offCurrentNa(
              'p',
              widths.map((it) => 2 * it),
            ) / stack,
          ).toBeCloseTo(2, 6);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('leaks more when hot', () => {
    const current = (id: 'typical' | 'slow' | 'fast') => deviceAt(cornerOf(id)).offCurrentNa('n', [1]);
    expect(current('typical')).toBeGreaterThan(5);
    expect(current('typical')).toBeLessThan(20);
    expect(current('slow')).toBeGreaterThan(5 * current('typical'));
    expect(current('fast')).toBeLessThan(current('typical') / 3);
  });

  it('is as fast as its class: an inverter that drives four', () => {
    const [at, slow, fast] = STUDIO45_CORNERS.map((corner) => fanOutOfFourPs(deviceAt(corner)));
    expect(at).toBeGreaterThan(15);
    expect(at).toBeLessThan(25);
    expect(slow).toBeGreaterThan(1.5 * (at ?? 0));
    expect(fast).toBeLessThan(0.75 * (at ?? 0));
  });
});

describe('a circuit', () => {
  it('answers a hand-computed inverter and NAND2', () => {
    const inverter = circuitOf('INV_X1');
    // 0.4 and 0.6 um of gate, and a wire.
    expect(inverter.capacitanceFf('A')).toBeCloseTo(1.1, 12);
    expect(inverter.capacitanceFf('Y')).toBeCloseTo(0.8 * 1 + 0.1, 12);
    const fall = inverter.edge(inverter.settle([{ A: 0 }]), 'A', 0, typical, ['Y'], 5)[0];
    const ohms = typical.resistanceKohmUm.n / 0.4;
    expect(fall).toMatchObject({ node: 'Y', value: 0 });
    expect(fall?.atPs).toBeCloseTo(Math.LN2 * ohms * 5.9, 9);
    expect(fall?.slewPs).toBeCloseTo(Math.log(4) * ohms * 5.9, 9);
    expect(fall?.energyFj).toBeCloseTo(0.5 * 0.9 * 1.1 * 1.1, 9);

    const nand = circuitOf('NAND2_X1');
    // The output carries one n and two p drains. B is next to the rail: the shared node (0.32 fF) falls with the output.
    const out = 0.8 * (0.4 + 2 * 0.6) + 0.1 + 5;
    const delayOf = (input: string) =>
      nand.edge(nand.settle([{ A: 1, B: 1, [input]: 0 }]), input, 0, typical, ['Y'], 5)[0]?.atPs;
    expect(delayOf('A')).toBeCloseTo(Math.LN2 * 2 * ohms * out, 9);
    expect(delayOf('B')).toBeCloseTo(Math.LN2 * (2 * ohms * out + ohms * 0.5 * 0.8 * 0.8), 9);
  });

  it('leaks by state: least where two transistors in series are off', () => {
    const nand = circuitOf('NAND2_X1');
    const of = (A: 0 | 1, B: 0 | 1) => nand.leakageNw(nand.settle([{ A, B }]), typical);
    const alone = typical.offCurrentNa('n', [DEVICE.fingerUm.n]) * 1.1;
    expect(of(0, 1)).toBeCloseTo(alone, 9);
    expect(of(0, 0)).toBeLessThan(alone / 5);
    expect(of(1, 1)).toBeCloseTo(2 * 1.1 * typical.offCurrentNa('p', [DEVICE.fingerUm.p]), 9);
  });
});
