/**
 * Where a bench first saw that something was wrong. Benches that say so at once are easy: the line of the message. Others count, and say at the
 * end that the count is not zero: then the first change of what they count is the moment, and the statement that counts is the place.
 */
import { scopeName } from './ir/names.ts';
import type * as ir from './ir/types.ts';
import { partsOf, readsOf } from './ir/walk.ts';
import type { ConsoleLine, Failure, Verdict } from './types.ts';
import { WaveDatabase } from './wave/database.ts';
import type { WaveDelta } from './wave/types.ts';
import { numberAt } from './wave/value.ts';

export function firstFailure(
  design: ir.Design,
  waves: readonly WaveDelta[],
  verdict: Verdict,
  lines: readonly ConsoleLine[],
): Failure | undefined {
  const { where, timeTicks } = verdict;
  if (where?.file === undefined || timeTicks === undefined) return undefined;
  const guards = guardsOf(
    design,
    (stmt) => stmt.at.file === where.file && stmt.at.line === where.line && isPrint(stmt),
  );
  const message: Failure = {
    where,
    timeTicks,
    signals: namesOf(
      design,
      guards.flatMap(({ condition }) => readsOf(condition)),
    ),
    from: 'message',
    text: verdict.why ?? '',
  };
  const counted = guards.flatMap(({ condition }) => counters(design, condition));
  if (counted.length === 0) return message;

  const database = new WaveDatabase();
  for (const delta of waves) database.append(delta);
  for (const signal of counted) {
    const places = countingPlaces(design, signal.id);
    if (places.length === 0) continue;
    const moment = firstRise(database, pathOf(design, signal), timeTicks);
    if (moment === undefined) continue;
    // A line printed at that moment by the statement beside it says best which of several checks it was.
    const beside = places.find(({ at }) =>
      lines.some(
        (line) =>
          line.timeTicks === moment && line.where?.file === at.file && Math.abs((line.where.line ?? 0) - at.line) <= 3,
      ),
    );
    const place = beside ?? places[0]!;
    return {
      where: place.at,
      timeTicks: moment,
      signals: namesOf(design, places.length === 1 || beside ? place.reads : places.flatMap(({ reads }) => reads)),
      from: 'counter',
      text: message.text,
    };
  }
  return message;
}

interface Guard {
  condition: ir.Expr;
}

const isPrint = (stmt: ir.Stmt): boolean => stmt.op === 'systask' || stmt.op === 'assert';

/** Conditions of `if`s around the statements that are wanted, the nearest first. */
function guardsOf(design: ir.Design, wanted: (stmt: ir.Stmt) => boolean): Guard[] {
  const found: Guard[] = [];
  const visit = (stmt: ir.Stmt, around: readonly ir.Expr[]): void => {
    if (wanted(stmt)) {
      if (stmt.op === 'assert') found.push({ condition: stmt.condition });
      for (let i = around.length - 1; i >= 0; i--) found.push({ condition: around[i]! });
    }
    const inside = stmt.op === 'if' ? [...around, stmt.condition] : around;
    for (const child of partsOf(stmt).stmts) visit(child, inside);
  };
  for (const body of bodies(design)) visit(body, []);
  return found;
}

function bodies(design: ir.Design): ir.Stmt[] {
  return [...design.processes.map(({ body }) => body), ...design.subprograms.map(({ body }) => body)];
}

/** Whole integers that a condition compares: what a bench counts. */
function counters(design: ir.Design, condition: ir.Expr): ir.Signal[] {
  return readsOf(condition)
    .map(({ signal }) => design.signals[signal]!)
    .filter(({ type, kind }) => kind === 'variable' && type.kind === 'vector' && type.width > 1);
}

/** Statements that add to a signal, with what the `if`s around them read. */
function countingPlaces(design: ir.Design, signal: ir.SignalId): { at: ir.At; reads: ir.Read[] }[] {
  const found: { at: ir.At; reads: ir.Read[] }[] = [];
  const counts = (stmt: ir.Stmt): boolean => {
    if (stmt.op !== 'assign' && stmt.op !== 'nonblocking')
      return stmt.op === 'eval' && stmt.expr.op === 'assign' && targets(stmt.expr.target);
    return targets(stmt.target) && readsOf(stmt.value).some((read) => read.signal === signal);
  };
  const targets = (target: ir.LValue): boolean => target.kind === 'signal' && target.signal === signal;
  const visit = (stmt: ir.Stmt, around: readonly ir.Expr[]): void => {
    if (counts(stmt)) found.push({ at: stmt.at, reads: around.slice(-1).flatMap((condition) => readsOf(condition)) });
    const inside = stmt.op === 'if' ? [...around, stmt.condition] : around;
    for (const child of partsOf(stmt).stmts) visit(child, inside);
  };
  for (const body of bodies(design)) visit(body, []);
  return found;
}

/** The first moment at which a signal that was 0 is not any more. */
function firstRise(database: WaveDatabase, path: string, until: number): number | undefined {
  const wave = database.find(path);
  if (!wave) return undefined;
  const data = database.data(wave);
  if (data?.type !== 'bits') return undefined;
  let zero = false;
  for (let entry = 0; entry < data.count; entry++) {
    const value = numberAt(data, entry, 'unsigned');
    const time = database.timeOf(data.step(entry));
    if (time > until) return undefined;
    if (value === undefined) continue;
    if (value !== 0 && zero) return time;
    if (value === 0) zero = true;
  }
  return undefined;
}

function namesOf(design: ir.Design, reads: readonly ir.Read[]): string[] {
  return [...new Set(reads.map(({ signal }) => pathOf(design, design.signals[signal]!)))];
}

function pathOf(design: ir.Design, signal: ir.Signal): string {
  return `${scopeName(design, signal.scope)}.${signal.name}`;
}
