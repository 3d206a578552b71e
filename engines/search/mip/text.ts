import type { Mip, MipTerm } from './types.ts';

const LINE = 100;

/** The program in CPLEX's LP format, which HiGHS, Gurobi, SCIP and others read. Infinite upper bounds are left out. */
export function mipText({ sense, columns, rows }: Mip, comments: readonly string[] = []): string {
  const lines = comments.map((each) => `\\ ${each}`);
  const sum = (terms: readonly MipTerm[]) => terms.map(([column, factor]) => term(columns[column]!.name, factor));
  lines.push(sense === 'minimise' ? 'Minimize' : 'Maximize');
  const goal = columns.flatMap(({ cost }, column): MipTerm[] => (cost === 0 ? [] : [[column, cost]]));
  wrap(lines, ' objective:', goal.length > 0 || columns.length === 0 ? sum(goal) : [`+ 0 ${columns[0]!.name}`]);
  lines.push('Subject To');
  for (const { name, lower, upper, terms } of rows) {
    const parts = sum(terms);
    if (lower === upper) wrap(lines, ` ${name}:`, [...parts, `= ${lower}`]);
    else {
      const both = lower > Number.NEGATIVE_INFINITY && upper < Number.POSITIVE_INFINITY;
      if (lower > Number.NEGATIVE_INFINITY) wrap(lines, ` ${name}${both ? '_low' : ''}:`, [...parts, `>= ${lower}`]);
      if (upper < Number.POSITIVE_INFINITY) wrap(lines, ` ${name}:`, [...parts, `<= ${upper}`]);
    }
  }
  const binary = columns.filter(({ integer, lower, upper }) => integer && lower === 0 && upper === 1);
  const general = columns.filter((column) => column.integer && !binary.includes(column));
  lines.push('Bounds');
  for (const column of columns) {
    const { name, lower, upper } = column;
    if (column.integer && lower === 0 && upper === 1) continue;
    const from = lower === Number.NEGATIVE_INFINITY ? '-inf' : `${lower}`;
    lines.push(upper === Number.POSITIVE_INFINITY ? ` ${name} >= ${from}` : ` ${from} <= ${name} <= ${upper}`);
  }
  if (general.length > 0) {
    lines.push('General');
    wrap(
      lines,
      '',
      general.map(({ name }) => name),
    );
  }
  if (binary.length > 0) {
    lines.push('Binary');
    wrap(
      lines,
      '',
      binary.map(({ name }) => name),
    );
  }
  lines.push('End', '');
  return lines.join('\n');
}

function term(name: string, factor: number): string {
  const size = Math.abs(factor);
  return `${factor < 0 ? '-' : '+'} ${size === 1 ? '' : `${size} `}${name}`;
}

/** Lines stay short: readers of the format have limits. */
function wrap(lines: string[], head: string, parts: readonly string[]): void {
  let line = head;
  for (const part of parts) {
    if (line.length + part.length > LINE) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${part}`;
  }
  lines.push(line);
}
