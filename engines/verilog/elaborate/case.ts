/** Case statements (1364-2005 section 9.5, 1800-2012 section 12.5): subject and labels are all brought to one type. */
import type * as ir from '../ir/types.ts';
import type * as ast from '../syntax/ast.ts';
import { analyse } from './expression.ts';
import { type Env, fail, type Operand } from './lowering.ts';
import { matched } from './operators.ts';
import { statementOf } from './statement.ts';

type LabelOperand = Operand | { low: Operand | undefined; high: Operand | undefined };

export function caseStatement(stmt: ast.CaseStmt, env: Env, at: ir.At): ir.Stmt {
  const subject = analyse(stmt.subject, env);
  const labels = stmt.items.map((item) =>
    (item.labels ?? []).map((label): LabelOperand => {
      if (label.kind !== 'value-range') return analyse(label, env);
      return { low: limit(label.left, env), high: limit(label.right, env) };
    }),
  );
  const operands: Operand[] = [subject];
  for (const label of labels.flat()) {
    if (!('low' in label)) operands.push(label);
    else for (const end of [label.low, label.high]) if (end) operands.push(end);
  }
  const { type, values } = matched(operands, env);
  const byOperand = new Map(operands.map((operand, i) => [operand, values[i]!]));
  const value = values[0]!;
  const made: ir.Stmt = { op: 'case', match: matchOf(stmt, type.kind), subject: value, items: [], at };
  if (stmt.check) made.check = stmt.check;
  let defaults = 0;
  stmt.items.forEach((item, i) => {
    const body = item.body.kind === 'null' ? undefined : statementOf(item.body, env);
    if (!item.labels) {
      if (defaults++ > 0) fail(env, 'case-default', 'A case has one default only.', item);
      made.default = body ?? { op: 'block', body: [], at: env.ctx.at(item) };
      return;
    }
    made.items.push({
      labels: labels[i]!.map((label): ir.CaseLabel => {
        if (!('low' in label)) return { kind: 'value', value: byOperand.get(label)! };
        return {
          kind: 'range',
          low: (label.low && byOperand.get(label.low)) ?? value,
          high: (label.high && byOperand.get(label.high)) ?? value,
        };
      }),
      body,
    });
  });
  return made;
}

/** `$` as a bound is no limit: the subject itself then stands for it. */
function limit(expr: ast.Expr, env: Env): Operand | undefined {
  return expr.kind === 'dollar' ? undefined : analyse(expr, env);
}

function matchOf(stmt: ast.CaseStmt, kind: string): ir.StmtOf<'case'>['match'] {
  if (kind !== 'integral') return 'eq';
  if (stmt.inside) return 'weq';
  return stmt.word === 'case' ? 'ceq' : stmt.word === 'casez' ? 'casez-eq' : 'casex-eq';
}
