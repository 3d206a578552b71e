import type { Measurement, Share } from '../../../../../engines/bfp/types.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { differenceWords } from '../../readings/difference.ts';
import { percent } from '../../readings/figures.ts';
import { texts } from './texts.ts';

const words = texts.verdict;
const WIDTH = 108;
const HEIGHT = 14;

/** How many float32 and the plan have right, how sure that is, and whether the difference is more than chance. */
export function Verdict({ measurement }: { measurement: Measurement }) {
  const { float, plan, kind, difference, samples, set } = measurement;
  const span = spanOf(float, plan);
  const rows: [name: string, share: Share, tone: string][] = [
    [texts.float, float, 'float'],
    [texts.plan, plan, 'plan'],
  ];
  const [first, ...others] = differenceWords(difference, plan, kind);
  // Of classes, the counts stand beside, with the samples that both have right or wrong.
  const more = kind === 'classes' ? others.slice(0, 1) : others;
  return (
    <div className="results-verdict">
      <table className="table results-shares">
        <caption className="visually-hidden">{words.caption}</caption>
        <thead>
          <tr>
            <td>{words.samples(samples, kind, words.sets[set])}</td>
            <th scope="col" className="table-right">
              {words.right(kind)}
            </th>
            <th scope="col">{words.interval}</th>
            <th scope="col" className="table-right">
              {words.of}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, share, tone]) => (
            <tr key={tone}>
              <th scope="row">
                <i className={`results-key results-${tone}`} aria-hidden /> {name}
              </th>
              <td className="table-right num" data-share={tone} data-value={share.percent}>
                {percent(share.percent)}
              </td>
              <td>
                <span className="results-interval">
                  <Whisker share={share} span={span} tone={tone} />
                  <span className="num">
                    {share.lowPercent.toFixed(2)}–{share.highPercent.toFixed(2)}
                  </span>
                </span>
              </td>
              <td className="table-right num">{words.counted(share.count, share.of)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="results-words">
        <p className="results-first">{first}</p>
        {more.map((sentence) => (
          <p key={sentence} className="hint">
            {sentence}
          </p>
        ))}
      </div>
      {kind === 'classes' && <Pairs measurement={measurement} />}
    </div>
  );
}

/** The counts that McNemar's test rests on. */
function Pairs({ measurement: { float, difference, samples } }: { measurement: Measurement }) {
  const both = float.count - difference.lost;
  const cells = [
    [words.both, both],
    [words.lost, difference.lost],
    [words.won, difference.won],
    [words.neither, samples - both - difference.lost - difference.won],
  ] as const;
  return (
    <dl className="results-pairs" aria-label={words.pairs}>
      {cells.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{formatNumber(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function spanOf(a: Share, b: Share): [low: number, high: number] {
  const low = Math.min(a.lowPercent, b.lowPercent);
  const high = Math.max(a.highPercent, b.highPercent);
  const margin = Math.max(0.5, (high - low) * 0.08);
  return [Math.max(0, low - margin), Math.min(100, high + margin)];
}

/** An interval with its middle, on a scale that both rows share. */
function Whisker({ share, span: [low, high], tone }: { share: Share; span: [number, number]; tone: string }) {
  const x = (value: number) => 4 + ((value - low) / (high - low || 1)) * (WIDTH - 8);
  return (
    <svg className={`results-whisker results-${tone}`} width={WIDTH} height={HEIGHT} role="img">
      <title>{words.drawing(low, high)}</title>
      <line x1={0} x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} className="results-whisker-ground" />
      <line x1={x(share.lowPercent)} x2={x(share.highPercent)} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      <circle cx={x(share.percent)} cy={HEIGHT / 2} r={4} />
    </svg>
  );
}
