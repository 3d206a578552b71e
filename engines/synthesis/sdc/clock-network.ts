import type { GateNetlist } from '../gates/types.ts';
import { rolesOf, throughOf } from './cell-roles.ts';

/** What drives a net: bits of input ports, or output pins of instances. */
export type Driver = { kind: 'port'; port: number } | { kind: 'pin'; instance: number; pin: number };

/** The way clocks take: through cells without memory and through clock gates. */
export class ClockNetwork {
  private readonly design: GateNetlist;
  private readonly drivers: Driver[][];
  private readonly loads: { instance: number; pin: number }[][];

  constructor(design: GateNetlist) {
    this.design = design;
    this.drivers = design.nets.map(() => []);
    this.loads = design.nets.map(() => []);
    for (const [i, port] of design.ports.entries())
      if (port.direction !== 'output' && port.net >= 0) this.drivers[port.net]!.push({ kind: 'port', port: i });
    for (const [i, { cell, pins }] of design.instances.entries())
      for (const [p, pin] of cell.pins.entries()) {
        const net = pins[p]!;
        if (net < 0) continue;
        if (pin.direction === 'output' || pin.direction === 'inout')
          this.drivers[net]!.push({ kind: 'pin', instance: i, pin: p });
        if (pin.direction === 'input' || pin.direction === 'inout') this.loads[net]!.push({ instance: i, pin: p });
      }
  }

  driversOf(net: number): readonly Driver[] {
    return net < 0 ? [] : this.drivers[net]!;
  }

  /**
   * Drivers from which a net is reached: all on the way, the nearest first. `stop` says which are sources: the way ends there.
   * `inverts`: whether the way turns the edges around (null: it may or may not). `single`: no cell with several inputs is on the way.
   */
  back(
    net: number,
    stop: (driver: Driver) => boolean,
  ): { driver: Driver; inverts: boolean | null; single: boolean; ends: boolean }[] {
    const out: { driver: Driver; inverts: boolean | null; single: boolean; ends: boolean }[] = [];
    const seen = new Map<number, boolean | null>([[net, false]]);
    const queue: { net: number; inverts: boolean | null; single: boolean }[] = [{ net, inverts: false, single: true }];
    for (let k = 0; k < queue.length; k++) {
      const at = queue[k]!;
      for (const driver of this.driversOf(at.net)) {
        if (driver.kind === 'port' || stop(driver)) {
          out.push({ driver, inverts: at.inverts, single: at.single, ends: true });
          continue;
        }
        const { cell, pins } = this.design.instances[driver.instance]!;
        const inputs = throughOf(cell, driver.pin);
        out.push({ driver, inverts: at.inverts, single: at.single, ends: inputs.length === 0 });
        for (const { input, inverts } of inputs) {
          const next = pins[input]!;
          if (next < 0) continue;
          const sense = inverts === null || at.inverts === null ? null : inverts !== at.inverts;
          const known = seen.get(next);
          // Met again with the other sense: both ways exist.
          if (seen.has(next) && (known === sense || known === null)) continue;
          seen.set(next, seen.has(next) ? null : sense);
          queue.push({ net: next, inverts: seen.get(next)!, single: at.single && inputs.length === 1 });
        }
      }
    }
    return out;
  }

  /** Clock pins of registers, latches and clock gates that are reached from nets. */
  forward(nets: readonly number[]): { instance: number; pin: number }[] {
    const found: { instance: number; pin: number }[] = [];
    const seen = new Set(nets.filter((net) => net >= 0));
    for (const net of seen)
      for (const { instance, pin } of this.loads[net]!) {
        const { cell, pins } = this.design.instances[instance]!;
        const roles = rolesOf(cell);
        if (roles.clocks.includes(pin)) found.push({ instance, pin });
        for (const output of roles.outputs)
          if (pins[output]! >= 0 && throughOf(cell, output).some(({ input }) => input === pin)) seen.add(pins[output]!);
      }
    return found;
  }
}
