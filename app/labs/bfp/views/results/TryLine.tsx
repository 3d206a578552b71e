import { useEffect, useMemo, useState } from 'react';
import { FONTS, type FontName } from '../../../../../engines/bfp/data/ocr.ts';
import { characterEdits } from '../../../../../engines/bfp/data/ocr-edits.ts';
import type { Recognised, RecogniseSpec } from '../../../../../engines/bfp/try-entries.ts';
import { useDesign, useView } from '../../../../design/index.ts';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Row } from '../../../../ui/Row.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { TextInput } from '../../../../ui/TextInput.tsx';
import type { Shown } from '../../state.ts';
import { PictureCanvas } from './PictureCanvas.tsx';
import { Reading } from './Reading.tsx';
import { confidence, texts } from './texts.ts';
import { useLatest } from './use-latest.ts';

const words = texts.own;
/** A line is read when no key was pressed for so long: reading one takes a good part of a second. */
const PAUSE_MS = 300;

/** A line of one's own, drawn in a typeface, as float32 and the plan read it. */
export function TryLine({ result: { report } }: { result: Shown }) {
  const { plan } = report;
  const seed = useDesign((state) => state.design?.document.seed ?? 1);
  const [text, setText] = useView('bfp.results.text', words.lineStart as string);
  const [font, setFont] = useView<FontName>('bfp.results.font', 'inter');
  const typed = usePaused(text);
  const asked = useMemo(
    (): RecogniseSpec | undefined => (typed.trim() === '' ? undefined : { plan, text: typed, font }),
    [plan, typed, font],
  );
  const { result, problems, running, what } = useLatest<RecogniseSpec, Recognised>('bfp/recognise', asked, seed);
  // The answer is of an earlier text until the next one comes: it is told by what it was asked for.
  const [shown, setShown] = useState<{ answer: Recognised; text: string }>();
  useEffect(() => {
    if (result && asked && !running) setShown({ answer: result, text: asked.text });
  }, [result, asked, running]);
  return (
    <div className="results-part results-type">
      <h3>{words.line}</h3>
      <div className="results-fields">
        <Row label={words.lineText}>
          <TextInput live value={text} onChange={setText} placeholder={words.noText} />
        </Row>
        <Row label={words.font}>
          <Select
            value={font}
            onChange={setFont}
            options={FONTS.map((value) => ({ value, label: words.fonts[value] }))}
          />
        </Row>
      </div>
      <p className="hint">{words.lineAbout}</p>
      {problems.length > 0 && <ProblemList problems={problems.slice(0, 2)} />}
      {asked === undefined ? (
        <p className="hint">{words.noText}</p>
      ) : shown ? (
        <div className={running || typed !== text ? 'results-line results-pale' : 'results-line'} aria-live="polite">
          <PictureCanvas
            className="results-text"
            picture={shown.answer.picture}
            label={words.linePicture(shown.text)}
          />
          <dl>
            {(['float', 'plan'] as const).map((whose) => {
              const said = shown.answer[whose];
              const { edits, characters } = characterEdits(shown.text, String(said.what));
              return (
                <div key={whose}>
                  <dt>{texts.short[whose]}</dt>
                  <Reading line={shown.text} read={String(said.what)} />
                  <dd className={edits === 0 ? 'num results-errors' : 'num results-errors results-errors-some'}>
                    {edits === 0 ? texts.lines.none : texts.lines.errors(edits, characters)},{' '}
                    {words.sure(confidence(said.confidence))}
                  </dd>
                </div>
              );
            })}
          </dl>
        </div>
      ) : (
        <p className="hint">{running ? (what ?? words.reading) : words.reading}</p>
      )}
      {report.fineTuned && <p className="bfp-warning">{words.tuned}</p>}
    </div>
  );
}

/** A text once it has been left alone for a moment. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}
