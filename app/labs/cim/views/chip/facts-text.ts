import type { CimOperator } from '../../../../../engines/cim/types.ts';
import type { ArrayFacts } from './chip-model.ts';
import { texts } from './texts.ts';

const words = texts.facts;

/** What is said of an array, line by line. */
export function factLines(facts: ArrayFacts, operators: readonly CimOperator[]): [string, string][] {
  const name = (operator: number | undefined) => (operator === undefined ? '' : (operators[operator]?.name ?? ''));
  const lines: [string, string][] = [
    [words.array, words.arrayAt(facts.array, facts.row, facts.column)],
    [words.mode, facts.remembers ? words.modes.memory : words.modes.compute],
    [words.role, texts.roles[facts.role]],
  ];
  if (facts.operator !== undefined) {
    lines.push([
      words.operator,
      facts.other === undefined ? name(facts.operator) : `${name(facts.operator)} > ${name(facts.other)}`,
    ]);
  }
  lines.push([words.holds, holds(facts, operators, name)]);
  if (facts.keptFrom !== undefined) lines.push([words.kept, words.keptFrom(name(facts.keptFrom))]);
  lines.push([words.switched, switched(facts)]);
  return lines;
}

function holds(
  { role, operator, other, weights, place }: ArrayFacts,
  operators: readonly CimOperator[],
  name: (operator: number | undefined) => string,
): string {
  if (weights && operator !== undefined) {
    const say = operators[operator]?.dynamic ? words.dynamicWeights : words.weights;
    return say(name(operator), weights.part, weights.parts, weights.copy);
  }
  if (!place) return words.nothing;
  if (role === 'shared') return words.shared(name(operator), name(other), place.at, place.of);
  return (role === 'output' ? words.output : words.input)(name(operator), place.at, place.of);
}

function switched({ switched: here, remembers, lastSwitch }: ArrayFacts): string {
  const arrow = remembers ? 'C>M' : 'M>C';
  if (here) return words.here(arrow);
  return lastSwitch === undefined ? words.never : words.earlier(arrow, lastSwitch + 1);
}
