import type { Highs, Model } from 'highs';
import { breathe } from '../../core/abort.ts';
import { error, fail, ok, type Result } from '../../core/result.ts';
import type { Mip, MipOptions, MipSolution } from './types.ts';

/*
 * HiGHS (MIT), a branch-and-cut solver, as WebAssembly. It is loaded with the first program, and holds its thread until it is
 * done: call it in a worker, which can be ended.
 */

let loading: Promise<Highs> | undefined;
/** Where the lines of the program that is being solved go. */
let listener: ((line: string) => void) | undefined;

function load(): Promise<Highs> {
  loading ??= import('highs')
    .then(({ default: start }) => start({ print: (line) => listener?.(line) }))
    .catch((reason: unknown) => {
      // The next program tries again: a page that was offline need not stay so.
      loading = undefined;
      throw reason;
    });
  return loading;
}

/**
 * No gap: an optimum is one. The seed and the single thread make a program's answer the same everywhere. Presolve is off:
 * HiGHS 1.15 with it calls a plan optimal that is not (`solve.test.ts` keeps the program).
 */
const OPTIONS = {
  presolve: 'off',
  random_seed: 0,
  mip_rel_gap: 0,
  mip_abs_gap: 1e-9,
  mip_feasibility_tolerance: 1e-9,
  primal_feasibility_tolerance: 1e-9,
  dual_feasibility_tolerance: 1e-9,
};

/**
 * Solves a program by branch and cut. A program that runs out of time is no failure: its best solution and bound stand.
 * Fails where the solver cannot be loaded, or gives the program up. @throws an AbortError when aborted before it starts.
 */
export async function solveMip(mip: Mip, { signal, timeLimitSeconds, log }: MipOptions): Promise<Result<MipSolution>> {
  let highs: Highs;
  try {
    highs = await load();
  } catch (reason) {
    const what = `The solver HiGHS cannot be loaded: ${reason instanceof Error ? reason.message : String(reason)}.`;
    return fail(error('mip.load', what, 'Check the connection and try again, or use the exact search.'));
  }
  await breathe(signal);
  listener = log;
  const model = highs.createModel(dataOf(mip, highs));
  try {
    model.options.set({ ...OPTIONS, output_flag: log !== undefined, time_limit: timeLimitSeconds });
    model.run();
    return answer(mip, model, highs);
  } finally {
    model.dispose();
    listener = undefined;
  }
}

function answer(mip: Mip, model: Model, highs: Highs): Result<MipSolution> {
  const { modelStatus } = highs.constants;
  const status = model.getModelStatus();
  const nodes = Math.max(0, Number(model.info.get('mip_node_count')));
  if (status === modelStatus.infeasible) return ok({ status: 'infeasible', nodes });
  if (status !== modelStatus.optimal && status !== modelStatus.timeLimit) {
    const what = `The solver HiGHS gave the program up, with its status ${status}.`;
    return fail(error('mip.gave-up', what, 'Use the exact search, or a smaller segment.'));
  }
  const solution: MipSolution = { status: status === modelStatus.optimal ? 'optimal' : 'time-limit', nodes };
  // A program without integers has no tree, and so no bound but its optimum.
  const integers = mip.columns.some(({ integer }) => integer);
  const bound = Number(model.info.get(integers ? 'mip_dual_bound' : 'objective_function_value'));
  if (Number.isFinite(bound) && (integers || solution.status === 'optimal')) solution.bound = bound;
  // 2: the primal solution is feasible.
  if (Number(model.info.get('primal_solution_status')) === 2) {
    const { colValue } = model.getSolution();
    const values = mip.columns.map(({ integer }, at) => (integer ? Math.round(colValue[at]!) : colValue[at]!));
    solution.values = values;
    solution.objective = mip.columns.reduce((sum, { cost }, at) => sum + cost * values[at]!, 0);
  }
  return ok(solution);
}

function dataOf({ sense, columns, rows }: Mip, highs: Highs) {
  const { objectiveSense, variableType } = highs.constants;
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const { terms } of rows) {
    for (const [column, factor] of terms) {
      indices.push(column);
      values.push(factor);
    }
    starts.push(indices.length);
  }
  return {
    numCols: columns.length,
    numRows: rows.length,
    sense: sense === 'minimise' ? objectiveSense.minimize : objectiveSense.maximize,
    colCost: columns.map(({ cost }) => cost),
    colLower: columns.map(({ lower }) => lower),
    colUpper: columns.map(({ upper }) => upper),
    rowLower: rows.map(({ lower }) => lower),
    rowUpper: rows.map(({ upper }) => upper),
    integrality: columns.map(({ integer }) => (integer ? variableType.integer : variableType.continuous)),
    matrix: {
      format: 'csr' as const,
      numCols: columns.length,
      numRows: rows.length,
      starts,
      indices,
      values,
    },
  };
}
