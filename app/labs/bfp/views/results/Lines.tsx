import { useMemo } from 'react';
import { characterEdits } from '../../../../../engines/bfp/data/ocr-edits.ts';
import type { Measurement, Prediction } from '../../../../../engines/bfp/types.ts';
import { useView } from '../../../../design/index.ts';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { InSight } from './InSight.tsx';
import { PictureCanvas } from './PictureCanvas.tsx';
import { Reading } from './Reading.tsx';
import { texts } from './texts.ts';
import { usePictures } from './use-pictures.ts';

const words = texts.lines;

type Order = keyof typeof words.orders;

/** Pictures fetched together: a line is twenty times a digit. */
const PAGE = 12;

interface LineRow {
  prediction: Prediction;
  characters: number;
  floatEdits: number;
  planEdits: number;
}

interface LinesProps {
  measurement: Measurement;
  set: Parameters<typeof usePictures>[0];
}

/** Lines of text as the network sees them, and what it reads in float32 and in the plan, errors marked. */
export function Lines({ measurement: { shown, samples }, set }: LinesProps) {
  const [order, setOrder] = useView<Order>('bfp.results.order', 'worst');
  const pictures = usePictures(set);
  const rows = useMemo(() => {
    const all = shown.map((prediction): LineRow => {
      const line = String(prediction.label);
      const float = characterEdits(line, String(prediction.float));
      const plan = characterEdits(line, String(prediction.plan));
      return { prediction, characters: float.characters, floatEdits: float.edits, planEdits: plan.edits };
    });
    if (order === 'worst') all.sort((a, b) => b.planEdits - a.planEdits);
    if (order === 'lost') all.sort((a, b) => b.planEdits - b.floatEdits - (a.planEdits - a.floatEdits));
    return all;
  }, [shown, order]);
  return (
    <div className="results-part">
      <div className="results-bar">
        <Segmented
          label={words.order}
          value={order}
          onChange={setOrder}
          options={(Object.keys(words.orders) as Order[]).map((value) => ({ value, label: words.orders[value] }))}
        />
        <span className="hint">{words.about}</span>
      </div>
      {shown.length < samples && <p className="hint">{texts.answers.capped(shown.length)}</p>}
      {pictures.problems.length > 0 && <ProblemList problems={pictures.problems.slice(0, 2)} />}
      <ol className="results-lines">
        {rows.map(({ prediction, characters, floatEdits, planEdits }, index) => {
          const line = String(prediction.label);
          return (
            <InSight
              key={prediction.sample}
              className="results-line"
              onSeen={() => {
                const start = index - (index % PAGE);
                pictures.want(rows.slice(start, start + PAGE).map((row) => row.prediction.sample));
              }}
            >
              <PictureCanvas
                className="results-text"
                picture={pictures.of.get(prediction.sample)}
                label={words.picture(prediction.sample, line)}
              />
              <dl>
                <div>
                  <dt>{words.is}</dt>
                  <dd className="results-reading">{line}</dd>
                </div>
                <div>
                  <dt>{texts.short.float}</dt>
                  <Reading line={line} read={String(prediction.float)} />
                  <Errors edits={floatEdits} of={characters} />
                </div>
                <div>
                  <dt>{texts.short.plan}</dt>
                  <Reading line={line} read={String(prediction.plan)} />
                  <Errors edits={planEdits} of={characters} />
                </div>
              </dl>
            </InSight>
          );
        })}
      </ol>
    </div>
  );
}

function Errors({ edits, of }: { edits: number; of: number }) {
  return (
    <dd className={edits === 0 ? 'num results-errors' : 'num results-errors results-errors-some'}>
      {edits === 0 ? words.none : words.errors(edits, of)}
    </dd>
  );
}
