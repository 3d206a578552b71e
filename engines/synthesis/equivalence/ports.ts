import { error, type Problem } from '../../core/result.ts';
import type { YosysModule, YosysPort } from '../yosys-json.ts';

/**
 * Every difference between the ports of two modules, by name, direction and width: none when the designs can be compared.
 * `paths`: where the two are chosen, as in `slices.rtl.against.top`.
 */
export function comparePorts(
  gold: { name: string; module: YosysModule },
  gate: { name: string; module: YosysModule },
  path: string,
): Problem[] {
  const problems: Problem[] = [];
  const add = (what: string): void => {
    problems.push(
      error('ports-differ', what, 'Give both versions the same ports; inner signals may differ as they like.', {
        path,
      }),
    );
  };
  const others = new Map(Object.entries(gate.module.ports));
  for (const [name, port] of Object.entries(gold.module.ports)) {
    const other = others.get(name);
    others.delete(name);
    if (!other) add(`The compared version's ${describe(gold.name, name, port)} is missing in ${gate.name}.`);
    else if (other.direction !== port.direction)
      add(`The port ${name} is an ${port.direction} in the compared version and an ${other.direction} here.`);
    else if (other.bits.length !== port.bits.length)
      add(`The port ${name} has ${bits(port)} in the compared version and ${bits(other)} here.`);
  }
  for (const [name, port] of others) {
    add(`The ${describe(gate.name, name, port)} is missing in the compared version's ${gold.name}.`);
  }
  return problems;
}

function describe(module: string, name: string, port: YosysPort): string {
  return `${port.direction} ${name} (${bits(port)}) of ${module}`;
}

function bits(port: YosysPort): string {
  return port.bits.length === 1 ? '1 bit' : `${port.bits.length} bits`;
}
