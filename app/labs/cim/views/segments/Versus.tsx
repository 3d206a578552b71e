import type { CimReport, CompiledPlan } from '../../../../../engines/cim/types.ts';
import { Button } from '../../../../ui/Button.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { setCuts } from '../../actions.ts';
import type { Pieces } from './estimate.ts';
import { texts } from './texts.ts';

const words = texts.versus;

interface VersusProps {
  report: CimReport;
  plan: CompiledPlan;
  shown: Pieces;
  /** The compiler's own plan, while cuts are by hand or on their way to be. */
  rival: CompiledPlan | undefined;
  byHand: boolean;
  /** The cuts name products that are not there: what is drawn is an earlier plan. */
  broken: boolean;
  segments: number;
  editable: boolean;
  inOrder: boolean;
  /** Plans in the network's order, whose cuts can be taken over. */
  startPlans: readonly CompiledPlan[];
  onStart(from: CompiledPlan): void;
}

/** The user's cuts against the compiler's: both totals and what lies between them. */
export function Versus(props: VersusProps) {
  const { report, plan, shown, rival, byHand, broken, segments, editable, inOrder, startPlans, onStart } = props;
  const inOrderPlan = startPlans.find(({ id }) => id === 'improved' || id === 'published') ?? startPlans[0];
  const theirs = rival && startPlans.includes(rival) ? rival : inOrderPlan;
  const total = broken
    ? words.broken
    : shown.illegal
      ? words.illegal
      : (shown.exact ? texts.cycles : texts.aboutCycles)(shown.cycles);
  const mine = byHand || !shown.exact;
  return (
    <section className="cimseg-versus" aria-label={words.label}>
      <p className="cimseg-side">
        <span className="cimseg-side-name">
          {mine ? words.you : plan === report.plans[0] ? words.cut(plan.title) : words.other(plan.title)}
        </span>
        <b className="num" data-figure="mine" title={shown.exact ? undefined : words.estimate}>
          {total}
        </b>
        {!mine && <span>{words.segments(segments)}</span>}
      </p>
      {mine && rival && (
        <>
          <p className="cimseg-side">
            <span className="cimseg-side-name">{words.compiler(rival.title)}</span>
            <b className="num" data-figure="compiler">
              {texts.cycles(rival.totals.cycles)}
            </b>
          </p>
          {!shown.illegal && !broken && (
            <p className="cimseg-side" data-figure="difference">
              <span className="cimseg-side-name">{words.difference}</span>
              <Difference mine={shown.cycles} theirs={rival.totals.cycles} />
            </p>
          )}
        </>
      )}
      {!inOrder && <p className="cimseg-note">{texts.otherOrder}</p>}
      {editable && (
        <span className="cimseg-acts">
          {byHand && <Button size="small" label={words.letCompiler} onClick={() => void setCuts(null)} />}
          {byHand && rival && theirs && (
            <Button
              size="small"
              label={theirs === rival ? words.fromCompiler : words.fromOther(theirs.title)}
              onClick={() => onStart(theirs)}
            />
          )}
          {!inOrder && inOrderPlan && (
            <Button size="small" label={texts.cutInOrder} onClick={() => onStart(inOrderPlan)} />
          )}
        </span>
      )}
    </section>
  );
}

function Difference({ mine, theirs }: { mine: number; theirs: number }) {
  const by = Math.round(mine) - Math.round(theirs);
  if (by === 0) return <b>{words.equal}</b>;
  const percent = formatNumber((100 * Math.abs(mine - theirs)) / theirs, '%');
  const size = texts.cycles(Math.abs(by));
  return by > 0 ? (
    <b className="num cimseg-worse">{words.slower(size, percent)}</b>
  ) : (
    <b className="num cimseg-better">{words.faster(size, percent)}</b>
  );
}
