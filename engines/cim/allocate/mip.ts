import { error, type Problem } from '../../core/result.ts';
import { MipBuilder, type MipTerm } from '../../search/mip/index.ts';
import type { SegmentProgram } from './mip-counts.ts';
import type { SegmentFacts } from './mip-facts.ts';
import { addRate, addTimeAndReload, type CountTerms } from './mip-objective.ts';

/*
 * The allocation of a segment as CMSwitch prints it (section 4.3, Eq. 5 to 10): a binary for each operator, array and role.
 * Whether the binaries of one array come before another's makes no difference, and a solver does not know that by itself:
 * for small chips.
 */

/** What this form adds to the published one. */
export interface PublishedForm {
  /** Sums of an operator's binaries are columns of their own, so that a solver may branch on counts. Ours, not the paper's. */
  counted: boolean;
}

/** Past this the program takes minutes, or more memory than a page has. */
export const MOST_BINARIES = 3000;

/** Binaries of the published form, the products of Eq. 6 among them. */
export function binariesOf({ options, operators, arrays, pairs }: SegmentFacts): number {
  return ((options.memory ? 3 : 1) * operators.length + pairs.length) * arrays;
}

/** Why the published form of a segment is not tried; undefined where it is. */
export function tooLarge(facts: SegmentFacts): Problem | undefined {
  const binaries = binariesOf(facts);
  if (binaries <= MOST_BINARIES) return undefined;
  const { operators, arrays } = facts;
  const what = `The published program of this segment takes ${binaries} binaries (${operators.length} operators, ${arrays} arrays), and more than ${MOST_BINARIES} are not tried.`;
  return error(
    'cim.mip-size',
    what,
    'Use the program over counts, which has the same optimum, or choose a smaller segment or chip.',
    { path: 'slices.cim.solver' },
  );
}

/** Eq. 5 to 8 over binaries, Eq. 9 and 10 (and 2, `withReload`) as objective. */
export function publishedProgram(facts: SegmentFacts, { counted }: PublishedForm): SegmentProgram {
  const { arrays, pairs, options, least } = facts;
  const builder = new MipBuilder(options.withReload ? 'minimise' : 'maximise');
  const size = least.length;
  const grid = (name: string, present: boolean) =>
    Array.from({ length: present ? size : 0 }, (_, at) =>
      Array.from({ length: arrays }, (_, array) => builder.binary(`${name}_${at}_${array}`)),
    );
  const compute = grid('c', true);
  const memoryIn = grid('min', options.memory);
  const memoryOut = grid('mout', options.memory);
  const roles = [compute, memoryIn, memoryOut].filter((each) => each.length > 0);

  // H: the product of mout(i) and min(j), by the usual binary AND.
  const shared = pairs.map(({ from, to, most }) => {
    const columns = Array.from({ length: arrays }, (_, array) => {
      const column = builder.binary(`h_${from}_${to}_${array}`);
      const [given, taken] = [memoryOut[from]![array]!, memoryIn[to]![array]!];
      builder.atMost(`h_${from}_${to}_${array}_out`, 0, [[column, 1], [given, -1]]); // biome-ignore format: a pair
      builder.atMost(`h_${from}_${to}_${array}_in`, 0, [[column, 1], [taken, -1]]); // biome-ignore format: a pair
      builder.atLeast(`h_${from}_${to}_${array}_and`, -1, [[column, 1], [given, -1], [taken, -1]]); // biome-ignore format: a pair
      return column;
    });
    // Eq. 6.
    builder.atMost(`eq6_${from}_${to}`, most, ones(columns));
    return columns;
  });

  for (let array = 0; array < arrays; array++) {
    // Eq. 5: at most one role for an operator.
    for (let at = 0; at < size && roles.length > 1; at++) {
      builder.atMost(`eq5_${at}_${array}`, 1, ones(roles.map((role) => role[at]![array]!)));
    }
    // Eq. 7: no array has the same role for two operators, and none two roles but as a shared one.
    for (const [number, role] of roles.entries()) {
      if (size > 1)
        builder.atMost(`eq7_${['c', 'min', 'mout'][number]}_${array}`, 1, ones(role.map((of) => of[array]!)));
    }
    builder.atMost(`one_use_${array}`, 1, usesOf(array));
  }
  // Eq. 8 is their sum.
  builder.atMost('eq8', arrays, Array.from({ length: arrays }, (_, array) => usesOf(array)).flat());

  const counts = least.map((each, at): CountTerms => {
    const own = ones(compute[at]!);
    const memory = [...ones(memoryIn[at] ?? []), ...ones(memoryOut[at] ?? [])];
    if (counted) {
      const c = builder.integer(`com_${at}`, each, facts.mostCompute[at]!);
      builder.equal(`com_${at}_sum`, 0, [...own, [c, -1]]);
      const m = builder.integer(`mem_${at}`, 0, facts.mostMemory);
      builder.equal(`mem_${at}_sum`, 0, [...memory, [m, -1]]);
      return { compute: [[c, 1]], memory: [[m, 1]] };
    }
    builder.mip.rows.push({ name: `weights_${at}`, lower: each, upper: facts.mostCompute[at]!, terms: own });
    return { compute: own, memory };
  });
  const goal = options.withReload ? addTimeAndReload(builder, facts, counts) : addRate(builder, facts, counts);
  return {
    mip: builder.mip,
    goal,
    countsOf: (values) => {
      const count = (columns: readonly number[] = []) => columns.reduce((sum, column) => sum + values[column]!, 0);
      return {
        compute: compute.map(count),
        memoryIn: least.map((_, at) => count(memoryIn[at])),
        memoryOut: least.map((_, at) => count(memoryOut[at])),
        shared: shared.map(count),
      };
    },
  };

  /** Roles of an array, one less for each pair that shares it. */
  function usesOf(array: number): MipTerm[] {
    const uses = roles.flatMap((role) => role.map((of): MipTerm => [of[array]!, 1]));
    return [...uses, ...shared.map((columns): MipTerm => [columns[array]!, -1])];
  }
}

function ones(columns: readonly number[]): MipTerm[] {
  return columns.map((column): MipTerm => [column, 1]);
}
