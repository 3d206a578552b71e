import { X } from 'lucide-react';
import type { CimReport, PlannedSegment } from '../../../../../engines/cim/types.ts';
import { Button } from '../../../../ui/Button.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { select, useCim } from '../../state.ts';
import { type Ends, joinAt, rangeOf, reachOf, splitAt } from './cuts.ts';
import { cyclesOf, type Pieces } from './estimate.ts';
import { COSTS } from './kinds.ts';
import { boundOf, obstacleText } from './reading.ts';
import { texts } from './texts.ts';

const words = texts.card;

interface CardProps {
  report: CimReport;
  order: readonly number[];
  ends: Ends;
  shown: Pieces;
  editable: boolean;
  onCut(ends: Ends): void;
}

/** Everything about the segment that is held: its costs, its arrays, what slows it down. */
export function SegmentCard({ report, order, ends, shown, editable, onCut }: CardProps) {
  const selected = useCim((state) => state.selected);
  const { operators, sections } = report.problem;
  const position = selected.operator === undefined ? -1 : order.indexOf(selected.operator);
  // Boundaries may have moved since it was held: the product says which segment is meant.
  const at = position >= 0 ? ends.findIndex((end) => end > position) : selected.segment;
  const piece = at === undefined ? undefined : shown.pieces[at];
  if (at === undefined || !piece) return <p className="cimseg-note">{words.none}</p>;
  const [first, end] = rangeOf(ends, at);
  const name = (place: number) => operators[order[place]!]!.name;
  const { segment, cost, costAgain, times } = piece;
  const slowest = cost?.operators.find(({ operator }) => operator === cost.slowest);
  const operator = position >= 0 ? operators[order[position]!] : undefined;
  const borders = new Set(sections.flatMap(({ first: from, count }) => [from, from + count]));
  const mayJoin = (place: number) => editable && !borders.has(place);
  const maySplit = () => {
    const { low, high } = reachOf(sections, position + 1);
    return editable && position + 1 < end && position + 1 >= low && position + 1 <= high;
  };
  return (
    <section className="cimseg-card" aria-label={texts.segment(at + 1)}>
      <header>
        <h3>{words.title(at + 1, words.range(name(first), name(end - 1)))}</h3>
        {times > 1 && <span>{texts.times(times)}</span>}
        <IconButton size="small" icon={X} label={words.close} onClick={() => select()} />
      </header>
      {piece.obstacle && <p className="cimseg-bad">{obstacleText(report, piece)}</p>}
      {cost && segment && (
        <div className="cimseg-card-body">
          <table className="cimseg-costs">
            <caption>{words.cost}</caption>
            <tbody>
              {COSTS.map(({ id, colour }) => (
                <tr key={id}>
                  <th scope="row">
                    <i style={{ background: `var(--${colour})` }} aria-hidden /> {texts.costs[id]}
                  </th>
                  <td className="num">{texts.cycles(cost[id])}</td>
                  <td className="num">{formatNumber(cost.cycles > 0 ? (100 * cost[id]) / cost.cycles : 0, '%')}</td>
                  {times > 1 && costAgain && <td className="num">{formatNumber(Math.round(costAgain[id]))}</td>}
                </tr>
              ))}
              <tr className="cimseg-sum">
                <th scope="row">
                  {shown.cycles > 0 && `${formatNumber((100 * cyclesOf(piece)) / shown.cycles, '%')} ${words.share}`}
                </th>
                <td className="num">{texts.cycles(cost.cycles)}</td>
                <td />
                {times > 1 && costAgain && (
                  <td className="num">
                    {formatNumber(Math.round(costAgain.cycles))} {words.again}
                  </td>
                )}
              </tr>
            </tbody>
          </table>
          <dl className="cimseg-facts">
            <dt>{words.arrays}</dt>
            <dd>{rolesOf(report, piece.segment!)}</dd>
            <dt>{words.switched}</dt>
            <dd>{words.switches(cost.toCompute, cost.toMemory)}</dd>
            <dt>{words.kept}</dt>
            <dd className="num">{formatNumber(cost.keptBytes, 'B')}</dd>
            <dt>{words.written}</dt>
            <dd className="num">{formatNumber(cost.writeBackBytes, 'B')}</dd>
            <dt>{words.loaded}</dt>
            <dd className="num">{formatNumber(cost.reloadBytes, 'B')}</dd>
            {slowest && (
              <>
                <dt>{words.slowest}</dt>
                <dd>
                  {words.why[boundOf(slowest)](
                    operators[cost.slowest]!.name,
                    texts.cycles(slowest.computeBoundCycles),
                    texts.cycles(slowest.feedBoundCycles),
                  )}
                </dd>
              </>
            )}
            {piece.exact && 'energy' in segment && (
              <>
                <dt>{words.energy}</dt>
                <dd className="num">{formatNumber((segment as PlannedSegment).energy.totalPj, 'pJ')}</dd>
              </>
            )}
            {operator && (
              <>
                <dt>{words.operator}</dt>
                <dd>
                  {operator.name}: {operatorWords(report, operator.index)}
                </dd>
              </>
            )}
          </dl>
        </div>
      )}
      {!piece.exact && cost && <p className="cimseg-note">{words.estimated}</p>}
      {editable && (
        <p className="cimseg-acts">
          {position >= 0 && maySplit() && (
            <Button size="small" label={words.split} onClick={() => onCut(splitAt(ends, position + 1))} />
          )}
          {at > 0 && mayJoin(first) && (
            <Button size="small" label={words.joinBefore} onClick={() => onCut(joinAt(ends, first))} />
          )}
          {at < ends.length - 1 && mayJoin(end) && (
            <Button size="small" label={words.joinAfter} onClick={() => onCut(joinAt(ends, end))} />
          )}
        </p>
      )}
    </section>
  );
}

function rolesOf(
  { hardware }: CimReport,
  { allocations, shared }: NonNullable<Pieces['pieces'][number]['segment']>,
): string {
  let [compute, memoryIn, memoryOut, both] = [0, 0, 0, 0];
  for (const each of allocations) {
    compute += each.compute;
    memoryIn += each.memoryIn;
    memoryOut += each.memoryOut;
  }
  for (const { arrays } of shared) both += arrays;
  return words.roles(compute, memoryIn, memoryOut, both, hardware.arrays - compute - memoryIn - memoryOut + both);
}

function operatorWords({ problem }: CimReport, index: number): string {
  const { inputs, weightsFrom } = problem.operators[index]!;
  const list = (sources: readonly { operator: number; bytes: number }[]) =>
    sources
      .slice(0, 4)
      .map(({ operator, bytes }) => `${problem.operators[operator]!.name} (${formatNumber(bytes, 'B')})`)
      .join(', ') + (sources.length > 4 ? ', …' : '');
  const parts = [`${words.inputs.toLowerCase()} ${inputs.length > 0 ? list(inputs) : words.nothing}`];
  if (weightsFrom.length > 0) parts.push(`${words.weights.toLowerCase()} ${list(weightsFrom)}`);
  return parts.join('; ');
}
