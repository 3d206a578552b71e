import type { Bit, YosysModule } from './yosys-json.ts';

/** A name of the netlist for a row of bits. */
export interface NetName {
  name: string;
  public: boolean;
  port: boolean;
  bits: Bit[];
  offset: number;
  upto: boolean;
}

/** Bits `at`, `at + 1` ... of a name. */
export interface Naming {
  net: NetName;
  at: number;
}

/** Finds the name that says most about some bits. */
export class NetNames {
  private readonly exactly = new Map<string, NetName>();
  private readonly byName = new Map<string, NetName>();
  private readonly containing = new Map<number, Naming[]>();

  constructor(module: YosysModule) {
    const names = Object.entries(module.netnames).map(([name, net]) => ({
      name,
      public: net.hide_name === 0,
      port: name in module.ports,
      bits: net.bits,
      offset: net.offset ?? 0,
      upto: net.upto === 1,
    }));
    names.sort(better);
    for (const net of names) {
      this.byName.set(net.name, net);
      const key = net.bits.join();
      if (!this.exactly.has(key)) this.exactly.set(key, net);
      net.bits.forEach((bit, at) => {
        if (typeof bit !== 'number') return;
        const list = this.containing.get(bit);
        if (list) list.push({ net, at });
        else this.containing.set(bit, [{ net, at }]);
      });
    }
  }

  named(name: string): NetName | undefined {
    return this.byName.get(name);
  }

  /** The best name of exactly these bits. */
  exact(bits: readonly Bit[]): NetName | undefined {
    return this.exactly.get(bits.join());
  }

  /** The best name that has these bits side by side, and where in it they begin. Whole names and public ones win. */
  covering(bits: readonly Bit[]): Naming | undefined {
    const whole = this.exact(bits);
    if (whole?.public) return { net: whole, at: 0 };
    const first = bits.find((bit) => typeof bit === 'number');
    if (first === undefined) return undefined;
    const lead = bits.indexOf(first);
    for (const { net, at } of this.containing.get(first as number) ?? []) {
      const start = at - lead;
      if (net.public && start >= 0 && bits.every((bit, index) => net.bits[start + index] === bit)) {
        return { net, at: start };
      }
    }
    return whole ? { net: whole, at: 0 } : undefined;
  }

  /** Any name that holds this bit, the best one first. */
  holding(bit: number): Naming | undefined {
    return this.containing.get(bit)?.[0];
  }
}

/** Public before hidden, short paths before long ones, inner names before ports (the port is drawn anyway). */
function better(a: NetName, b: NetName): number {
  return (
    Number(b.public) - Number(a.public) ||
    a.name.split('.').length - b.name.split('.').length ||
    Number(a.port) - Number(b.port) ||
    a.name.length - b.name.length ||
    (a.name < b.name ? -1 : 1)
  );
}

/** "[7:4]" for bits `low` to `high` (counted from 0) of a net, in the numbering of its declaration. */
export function rangeText(naming: Naming | undefined, low: number, high: number): string {
  const number = (bit: number): number => {
    if (!naming) return bit;
    const { net, at } = naming;
    return net.upto ? net.offset + net.bits.length - 1 - (at + bit) : net.offset + at + bit;
  };
  return low === high ? `[${number(low)}]` : `[${number(high)}:${number(low)}]`;
}
