import type { Job } from '../../core/job.ts';
import { ok, type Problem, type Result } from '../../core/result.ts';
import { compileSource } from '../front-end.ts';
import { lint } from '../lint/index.ts';
import { simulationOnly } from '../lint/simulation-only.ts';
import type * as ast from '../syntax/ast.ts';
import { offsetEnd } from '../syntax/places.ts';
import type { TokenStream } from '../syntax/tokens.ts';
import type { SimulateSpec, VerilogCheckReport } from '../types.ts';
import { simSpecOf, sourcesOf } from './sources.ts';

/** What the front end has to say of the sources: errors, certain warnings, and what only a simulator can run. */
export async function check(spec: SimulateSpec, job: Job): Promise<Result<VerilogCheckReport>> {
  const fetched = await sourcesOf(spec, job);
  if (!fetched.ok) return fetched;
  const sources = fetched.value;
  const sim = simSpecOf(spec, sources);
  if (!sim.ok) return sim;
  const { units, elaborated, problems } = compileSource(sim.value, sources.text);
  const warnings: Problem[] = elaborated ? lint(units, elaborated) : [];
  const report: VerilogCheckReport = {
    tops: (elaborated?.design?.tops ?? []).map((top) => elaborated!.design!.scopes[top]!.name),
    modules: units.flatMap(({ unit, tokens }) => modulesOf(unit, tokens)),
    problems: [...problems, ...warnings],
    simulationOnly: units.flatMap(({ unit, tokens }) =>
      simulationOnly(unit, tokens).map((each) => {
        const { line, column } = offsetEnd(tokens, each.last);
        return {
          what: each.what,
          where: { file: tokens.files[each.file]!.path, line: each.line, column: each.column },
          endLine: line,
          endColumn: column,
        };
      }),
    ),
  };
  return ok(report);
}

function modulesOf(unit: ast.SourceUnit, tokens: TokenStream): VerilogCheckReport['modules'] {
  return unit.items.flatMap((item) => {
    if (item.kind !== 'module' || item.word === 'package' || item.word === 'interface') return [];
    const at = item.name.first;
    return [
      {
        name: item.name.name,
        where: { file: tokens.files[tokens.file[at]!]!.path, line: tokens.line[at]!, column: tokens.column[at]! },
        ports: item.ports.length,
        bench: item.ports.length === 0 && item.items.some(({ kind }) => kind === 'process'),
      },
    ];
  });
}
