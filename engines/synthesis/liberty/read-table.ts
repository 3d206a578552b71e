import { attribute, describe, type Group, textOf } from './parse.ts';
import { type Reading, report, type Scale, scaled, type Template } from './reading.ts';
import type { Table, TableVariable } from './types.ts';

const VARIABLES: Record<string, TableVariable> = {
  input_net_transition: 'input-slew',
  input_transition_time: 'input-slew',
  total_output_net_capacitance: 'output-load',
  related_pin_transition: 'related-slew',
  constrained_pin_transition: 'constrained-slew',
};

export function readTemplate(group: Group, reading: Reading, templates: Map<string, Template>): void {
  const template: Template = { variables: [], names: [], indices: [] };
  for (let axis = 1; axis <= 3; axis++) {
    const name = textOf(group, `variable_${axis}`);
    if (name === undefined) break;
    template.names.push(name);
    template.variables.push(VARIABLES[name] ?? 'other');
    template.indices.push(attribute(group, `index_${axis}`)?.numbers);
  }
  const name = group.args[0];
  if (name === undefined)
    report(
      reading,
      'error',
      'liberty-name',
      group.line,
      `The ${group.kind} has no name.`,
      'Give it one in its parentheses.',
    );
  else templates.set(name, template);
}

/** A table, with the file's names of variables that the studio does not know. */
export interface ReadTable {
  table: Table;
  unknown: string[];
}

/** Reads a table over a template. Undefined, with a problem, when it does not fit together. */
export function readTable(
  group: Group,
  reading: Reading,
  templates: Map<string, Template>,
  valueScale: Scale,
): ReadTable | undefined {
  const bad = (what: string, remedy: string, line = group.line): undefined => {
    report(reading, 'error', 'liberty-table', line, `The table ${describe(group)} ${what}.`, remedy);
  };
  const found = attribute(group, 'values');
  const numbers = found?.numbers;
  if (!found || !numbers) return bad('has no values', 'Give it values ("...");.');
  const name = group.args[0];
  const template = name === undefined || name === 'scalar' ? undefined : templates.get(name);
  if (!template && name !== undefined && name !== 'scalar')
    return bad(
      `refers to a template "${name}" that is not defined before it`,
      'Define the template at the beginning of the library.',
    );
  // Without a template a table is a single value.
  const axes: Float64Array[] = [];
  const { names = [], variables = [], indices = [] } = template ?? {};
  for (let axis = 0; axis < variables.length; axis++) {
    const own = attribute(group, `index_${axis + 1}`);
    const raw = own?.numbers ?? indices[axis];
    if (!raw || raw.length === 0)
      return bad(`has no index_${axis + 1}`, `Give index_${axis + 1} in the table or in its template.`);
    for (let place = 1; place < raw.length; place++)
      if (!((raw[place] as number) > (raw[place - 1] as number)) && !hasNaN(raw))
        return bad(
          `has an index_${axis + 1} that does not ascend`,
          'Order the index from small to large, each value once.',
          own?.line,
        );
    axes.push(scaledAll(raw, axisScale(variables[axis] as TableVariable, reading)));
  }
  const size = axes.reduce((product, axis) => product * axis.length, 1);
  if (numbers.length !== size)
    return bad(
      `has ${numbers.length} values where its indices make ${axes.map((axis) => axis.length).join(' x ') || '1'}`,
      'Give as many values as the indices span.',
      found.line,
    );
  return {
    table: { variables, axes, values: scaledAll(numbers, valueScale) },
    unknown: names.filter((_, axis) => variables[axis] === 'other'),
  };
}

function hasNaN(values: Float64Array): boolean {
  return values.some((value) => Number.isNaN(value));
}

function axisScale(variable: TableVariable, reading: Reading): Scale {
  if (variable === 'output-load') return reading.units.capacitance;
  return variable === 'other' ? { times: 1, over: 1 } : reading.units.time;
}

function scaledAll(values: Float64Array, scale: Scale): Float64Array {
  if (scale.times === 1 && scale.over === 1) return values;
  return values.map((value) => scaled(value, scale));
}
