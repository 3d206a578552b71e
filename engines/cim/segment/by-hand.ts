import { error, fail, ok, type Problem } from '../../core/result.ts';
import { nearest } from '../../document/nearest.ts';
import type { CimOperator, CimProblem } from '../types.ts';
import { remember } from './alike.ts';
import { bestChain } from './chain.ts';
import { tooLarge } from './fits.ts';
import { forOneSample } from './one-sample.ts';
import { planner } from './plans.ts';
import { realise } from './realise.ts';
import type { SectionPlan, Segmenter } from './types.ts';

type Args = Parameters<Segmenter>;

/** [start, end) of a segment in `problem.operators`, and the cut that ends it (undefined: the end of a section). */
interface Piece {
  section: number;
  start: number;
  end: number;
  cut: number | undefined;
}

/**
 * Cuts given by the names of the operators that end a segment; sections end one too, named or not. Within the cuts the
 * arrays are allotted as the compiler does: with `improvements.pareto` the best plans for these cuts under the judge, without
 * it each segment's own best. Problems (`cim.cuts`, in `slices.cim.cuts`) for names that are none, and for segments that
 * cannot be.
 */
export async function segmentByHand(
  problem: CimProblem,
  cuts: readonly string[],
  options: Args[1],
  job: Args[2],
): ReturnType<Segmenter> {
  const unfit = tooLarge(problem);
  if (unfit) return fail(unfit);
  const pieces = piecesOf(problem, cuts);
  const problems = [...unknownNames(problem, cuts), ...pieces.flatMap((piece) => obstacles(problem, piece))];
  if (problems[0]) return fail(problems[0], ...problems.slice(1));
  const { improvements, memory } = options;
  const searched = improvements.batch ? problem : forOneSample(problem);
  if (!improvements.pareto) {
    const solver = remember(searched, options.allocate, { memory, withReload: improvements.reload });
    const sections: SectionPlan[] = problem.sections.map((_, section) => ({ section, segments: [] }));
    for (const { section, start, end } of pieces) {
      const found = solver.allocate(range(start, end));
      if (!found) throw new Error('A segment that fits has an allocation.');
      sections[section]!.segments.push({ segment: found.segment, solved: found.solved });
    }
    return ok({ sections, effort: { segments: pieces.length, allocations: solver.solved() } });
  }
  const known = new Set(pieces.map(({ start, end }) => `${start} ${end}`));
  const orders = problem.sections.map(({ first, count }) => range(first, first + count));
  const effort = { pairs: 0, bounds: 0 };
  const chain = await bestChain(
    searched,
    orders,
    {
      memory,
      plansOf: planner(searched, { memory, several: improvements.reload }).of,
      allowed: (section, start, end) => {
        const { first } = problem.sections[section]!;
        return known.has(`${first + start} ${first + end}`);
      },
    },
    effort,
    job.signal,
    (fraction) => job.progress(fraction, 'Giving the segments their arrays'),
  );
  if (!chain) throw new Error('Segments that fit have a plan.');
  return ok({ sections: realise(searched, chain.steps, memory), effort });
}

function piecesOf({ operators, sections }: CimProblem, cuts: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  for (const [section, { first, count }] of sections.entries()) {
    let start = first;
    for (let end = first + 1; end <= first + count; end++) {
      const cut = cuts.indexOf(operators[end - 1]!.name);
      if (cut < 0 && end < first + count) continue;
      pieces.push({ section, start, end, cut: cut < 0 ? undefined : cut });
      start = end;
    }
  }
  return pieces;
}

function unknownNames({ operators }: CimProblem, cuts: readonly string[]): Problem[] {
  const names = new Set(operators.map(({ name }) => name));
  return cuts.flatMap((cut, at) => {
    if (names.has(cut)) return [];
    const parts = operators.filter(({ name, part }) => part && name.startsWith(`${cut}[`));
    const near = nearest(cut, names);
    const last = parts.at(-1);
    const remedy = last
      ? `It is cut into ${parts.length} parts, since it is too large for the chip: the last is "${last.name}".`
      : near
        ? `Did you mean "${near}"?`
        : 'Name the operator that ends the segment, as the view of the segments does, or take the cut out.';
    return [error('cim.cuts', `There is no operator "${cut}".`, remedy, { path: `slices.cim.cuts.${at}` })];
  });
}

/** Why a segment cannot be, and where to cut it instead. */
function obstacles(problem: CimProblem, { start, end, cut }: Piece): Problem[] {
  const { operators, hardware, rules } = problem;
  const where = { path: cut === undefined ? 'slices.cim.cuts' : `slices.cim.cuts.${cut}` };
  const own = operators.slice(start, end);
  const name = end - start === 1 ? `"${own[0]!.name}"` : `"${own[0]!.name}" to "${own.at(-1)!.name}"`;
  const arrays = own.reduce((sum, each) => sum + each.arrays, 0);
  const problems: Problem[] = [];
  if (arrays > hardware.arrays) {
    let held = 0;
    const over = own.findIndex((each) => {
      held += each.arrays;
      return held > hardware.arrays;
    });
    problems.push(
      error(
        'cim.cuts',
        `The segment ${name} takes ${arrays} arrays, ${arrays - hardware.arrays} more than the chip has.`,
        `Cut after "${own[over - 1]!.name}" or before.`,
        where,
      ),
    );
  }
  if (rules.dynamicInSegment) return problems;
  for (const reader of own) {
    const source = lastSource(reader, own);
    if (!source) continue;
    const before = operators[reader.index - 1]!;
    const place = before === source ? `after "${source.name}"` : `between "${source.name}" and "${reader.name}"`;
    problems.push(
      error(
        'cim.cuts',
        `The segment ${name} holds "${reader.name}", whose weights "${source.name}" computes in the same segment.`,
        `Cut ${place}, or allow it in the rules.`,
        where,
      ),
    );
  }
  return problems;
}

function lastSource({ weightsFrom }: CimOperator, own: readonly CimOperator[]): CimOperator | undefined {
  return own.findLast(({ index }) => weightsFrom.some(({ operator }) => operator === index));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
