import { Check, X } from 'lucide-react';
import { useMemo } from 'react';
import type { Measurement, Prediction } from '../../../../../engines/bfp/types.ts';
import { useView } from '../../../../design/index.ts';
import { Button } from '../../../../ui/Button.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import type { Pick, Whose } from './Confusion.tsx';
import { InSight } from './InSight.tsx';
import { PictureCanvas } from './PictureCanvas.tsx';
import { confidence, texts } from './texts.ts';
import { type Pictures, usePictures } from './use-pictures.ts';

const words = texts.answers;

type Filter = keyof typeof words.filters;

/** Pictures fetched together. */
const PAGE = 40;

interface AnswersProps {
  measurement: Measurement;
  set: Parameters<typeof usePictures>[0];
  pick: Pick | undefined;
  onPick(pick: Pick | undefined): void;
}

/** The samples that float32 or the plan gets wrong, as pictures, with what each says and how sure it is. */
export function Answers({ measurement, set, pick, onPick }: AnswersProps) {
  const [filter, setFilter] = useView<Filter>('bfp.results.filter', 'all');
  const pictures = usePictures(set);
  const { shown, samples, difference, float } = measurement;
  const classes = measurement.confusion?.classes;
  const nameOf = (value: number | string) => classes?.[value as number] ?? `${value}`;
  const rows = useMemo(
    () => (pick ? shown.filter((each) => isPicked(each, pick)) : shown.filter((each) => passes(each, filter))),
    [shown, filter, pick],
  );
  const neither = samples - float.count - difference.won;
  const counts: Record<Filter, number> = {
    all: difference.lost + difference.won + neither,
    lost: difference.lost,
    won: difference.won,
    both: neither,
  };
  return (
    <div className="results-part">
      {pick ? (
        <div className="results-bar">
          <strong>{words.cell(nameOf(pick.label), nameOf(pick.said), texts.by[pick.whose])}</strong>
          <Button size="small" icon={X} label={words.clear} onClick={() => onPick(undefined)} />
        </div>
      ) : (
        <div className="results-bar">
          <Segmented
            label={words.filter}
            value={filter}
            onChange={setFilter}
            options={(Object.keys(words.filters) as Filter[]).map((value) => ({
              value,
              label: `${words.filters[value]} ${formatNumber(counts[value])}`,
            }))}
          />
          <span className="hint">{words.filterAbout[filter]}</span>
        </div>
      )}
      {shown.length < counts.all && <p className="hint">{words.capped(shown.length)}</p>}
      {pictures.problems.length > 0 && <ProblemList problems={pictures.problems.slice(0, 2)} />}
      {rows.length === 0 ? (
        <p className="hint">{counts.all === 0 ? words.allRight : words.none}</p>
      ) : (
        <ul className="results-cards">
          {rows.map((row, index) => (
            <Card
              key={row.sample}
              row={row}
              nameOf={nameOf}
              pictures={pictures}
              page={() => {
                const start = index - (index % PAGE);
                return rows.slice(start, start + PAGE).map(({ sample }) => sample);
              }}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface CardProps {
  row: Prediction;
  nameOf(value: number | string): string;
  pictures: Pictures;
  /** The samples that are fetched with it. */
  page(): number[];
}

function Card({ row, nameOf, pictures, page }: CardProps) {
  const label = nameOf(row.label);
  return (
    <InSight className="results-card" onSeen={() => pictures.want(page())}>
      <PictureCanvas
        className="results-sample"
        picture={pictures.of.get(row.sample)}
        label={words.picture(row.sample, label)}
      />
      <dl>
        <div>
          <dt>{words.is}</dt>
          <dd title={label}>
            <b>{label}</b>
          </dd>
          <dd className="results-sure">{words.sample(row.sample)}</dd>
        </div>
        {(['float', 'plan'] as const).map((whose) => (
          <Said key={whose} row={row} whose={whose} name={nameOf(row[whose])} />
        ))}
      </dl>
    </InSight>
  );
}

function Said({ row, whose, name }: { row: Prediction; whose: Whose; name: string }) {
  const right = row[whose] === row.label;
  const Mark = right ? Check : X;
  return (
    <div className={right ? 'results-right' : 'results-wrong'}>
      <dt>{texts.short[whose]}</dt>
      <dd title={name}>
        <b>{name}</b>
        <Mark size={12} strokeWidth={2.25} aria-label={right ? words.right : words.wrong} />
      </dd>
      <dd className="num results-sure">{confidence(whose === 'float' ? row.floatConfidence : row.planConfidence)}</dd>
    </div>
  );
}

function isPicked(row: Prediction, { whose, label, said }: Pick): boolean {
  return row.label === label && row[whose] === said;
}

function passes({ float, plan, label }: Prediction, filter: Filter): boolean {
  const [before, after] = [float === label, plan === label];
  if (filter === 'lost') return before && !after;
  if (filter === 'won') return !before && after;
  if (filter === 'both') return !before && !after;
  return true;
}
