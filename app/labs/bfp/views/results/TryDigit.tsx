import { Eraser, Shuffle } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Classified, ClassifySpec, Picture, SamplesSpec } from '../../../../../engines/bfp/try-entries.ts';
import { useDesign } from '../../../../design/index.ts';
import { useJob } from '../../../../jobs/index.ts';
import { Button } from '../../../../ui/Button.tsx';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import type { Shown } from '../../state.ts';
import { Pad, type PadHandle } from './Pad.tsx';
import { PictureCanvas } from './PictureCanvas.tsx';
import { DIGIT_SIDE, digitPicture } from './pad-picture.ts';
import { confidence, texts } from './texts.ts';
import { useLatest } from './use-latest.ts';

const words = texts.own;

/** A pad to draw a digit on, what the network sees of it, and what it makes of it in float32 and in the plan. */
export function TryDigit({ result: { report, spec } }: { result: Shown }) {
  const { model } = spec;
  const { plan, measurement } = report;
  const seed = useDesign((state) => state.design?.document.seed ?? 1);
  const pad = useRef<PadHandle>(null);
  const [values, setValues] = useState<number[]>();
  const [next, setNext] = useState(0);
  const [taken, setTaken] = useState<number>();
  const asked = useMemo(
    (): ClassifySpec | undefined => values && { model, data: null, plan, values },
    [model, plan, values],
  );
  const { result, problems } = useLatest<ClassifySpec, Classified>('bfp/classify', asked, seed);
  const sample = useJob<SamplesSpec, (Picture | undefined)[]>('bfp/samples');

  useEffect(() => {
    const picture = sample.fresh ? sample.result?.[0] : undefined;
    if (!picture) return;
    const ink = Array.from(picture.pixels, (grey) => (255 - grey) / 255);
    pad.current?.put(ink, picture.width);
    setValues(ink);
  }, [sample.fresh, sample.result]);

  const picture = useMemo(
    () =>
      values && {
        width: DIGIT_SIDE,
        height: DIGIT_SIDE,
        pixels: Uint8Array.from(values, (value) => Math.round(255 * (1 - value))),
      },
    [values],
  );
  const reset = () => {
    setValues(undefined);
    setTaken(undefined);
  };
  return (
    <div className="results-part results-try">
      <div className="results-draw">
        <h3>{words.digit}</h3>
        <Pad
          ref={pad}
          onInk={(ink) => {
            const drawn = digitPicture(ink, Math.sqrt(ink.length));
            setValues(drawn && [...drawn]);
            setTaken(undefined);
          }}
          onClear={reset}
        />
        <div className="bfp-buttons">
          <Button
            size="small"
            icon={Eraser}
            label={words.clear}
            disabled={!values}
            onClick={() => {
              pad.current?.clear();
              reset();
            }}
          />
          <Button
            size="small"
            icon={Shuffle}
            label={words.next}
            title={words.nextAbout}
            onClick={() => {
              sample.run({ model, data: null, set: 'test', samples: [next] }, { flush: false, cached: false });
              setTaken(next);
              setNext(next + 1);
            }}
          />
        </div>
        <div className="results-seen">
          <h3>{words.seen}</h3>
          {picture ? (
            <PictureCanvas className="results-small" picture={picture} label={words.seenPicture} />
          ) : (
            <div className="results-small results-empty" />
          )}
          <p className="hint">{taken === undefined ? words.seenAbout : `${words.isDigit(taken)}. ${words.seenTest}`}</p>
        </div>
      </div>
      <div className="results-said">
        <h3>{words.bars}</h3>
        {problems.length > 0 && <ProblemList problems={problems.slice(0, 2)} />}
        <Probabilities said={result} classes={result?.classes ?? measurement?.confusion?.classes ?? []} />
        {report.fineTuned && <p className="bfp-warning">{words.tuned}</p>}
      </div>
    </div>
  );
}

/** Probabilities as bars, float32 above the plan; without a picture, their places. */
function Probabilities({ said, classes }: { said: Classified | undefined; classes: readonly string[] }) {
  const best = (of: readonly number[]) => of.indexOf(Math.max(...of));
  const [float, plan] = [said?.float, said?.plan];
  const [first, second] = [float && best(float), plan && best(plan)];
  return (
    <>
      <p role="status" className="results-verdict-own">
        {float && plan && first !== undefined && second !== undefined
          ? `${words.says(texts.by.float, classes[first]!, confidence(float[first]!))}, ${words.says(
              texts.by.plan,
              classes[second]!,
              confidence(plan[second]!),
            )}. ${first === second ? words.same : words.differ}`
          : words.empty}
      </p>
      <table className="results-bars">
        <caption className="visually-hidden">{words.bars}</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{words.class}</th>
            <th scope="col">{texts.float}</th>
            <th scope="col">{texts.plan}</th>
          </tr>
        </thead>
        <tbody>
          {classes.map((name, at) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <Bar share={float?.[at]} tone="float" best={first === at} />
              <Bar share={plan?.[at]} tone="plan" best={second === at} />
            </tr>
          ))}
        </tbody>
      </table>
      <p className="results-keys" aria-hidden>
        {(['float', 'plan'] as const).map((tone) => (
          <span key={tone}>
            <i className={`results-key results-${tone}`} /> {texts[tone]}
          </span>
        ))}
      </p>
    </>
  );
}

function Bar({ share, tone, best }: { share: number | undefined; tone: 'float' | 'plan'; best: boolean }) {
  return (
    <td className={best ? 'results-best' : undefined}>
      <span className="results-track">
        <i className={`results-fill results-${tone}`} style={{ width: `${100 * (share ?? 0)}%` }} />
      </span>
      <span className="num">{share === undefined ? '–' : confidence(share)}</span>
    </td>
  );
}
