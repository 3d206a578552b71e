import { useMemo, useState } from 'react';
import type { BfpReport, BfpSlice } from '../../../../../engines/bfp/types.ts';
import { useView } from '../../../../design/index.ts';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { View } from '../../../../ui/View.tsx';
import { specOf } from '../../run/spec.ts';
import { type Shown, useBfp } from '../../state.ts';
import { NoResult } from '../NoResult.tsx';
import { Answers } from './Answers.tsx';
import { Confusions, type Pick } from './Confusion.tsx';
import { Lines } from './Lines.tsx';
import { TryDigit } from './TryDigit.tsx';
import { TryLine } from './TryLine.tsx';
import { texts } from './texts.ts';
import { Verdict } from './Verdict.tsx';
import './results.css';

type Part = keyof typeof texts.parts;

/** What the network said in float32 and in the plan: how often it was right, of what it was wrong, and on one's own input. */
export default function ResultsView() {
  const result = useBfp((state) => state.result);
  const stale = useBfp((state) => state.stale);
  const [chosen, setChosen] = useView<Part>('bfp.results.part', 'answers');
  if (!result) {
    return (
      <View title={texts.title} about={texts.about} lesson="results">
        <NoResult />
      </View>
    );
  }
  const { report, spec } = result;
  const { measurement } = report;
  const parts = partsOf(report, spec);
  const part = parts.includes(chosen) ? chosen : parts[0];
  return (
    <View
      title={texts.title}
      about={stale ? texts.stale : texts.about}
      lesson="results"
      aside={
        parts.length > 1 && part ? (
          <Segmented
            label={texts.part}
            value={part}
            onChange={setChosen}
            options={parts.map((value) => ({ value, label: texts.parts[value] }))}
          />
        ) : undefined
      }
    >
      <div className="bfp-scroll results-view">
        {measurement && <Verdict measurement={measurement} />}
        {part ? (
          <Body
            key={JSON.stringify([spec.model, spec.data, spec.set])}
            part={part}
            onPart={setChosen}
            result={result}
          />
        ) : (
          <EmptyState title={texts.unmeasured.title} text={texts.unmeasured.text} />
        )}
      </div>
    </View>
  );
}

function partsOf({ measurement }: BfpReport, { model }: BfpSlice): Part[] {
  const parts: Part[] = measurement ? ['answers'] : [];
  if (measurement?.kind === 'classes') parts.push('confusion');
  if (typeof model === 'string') parts.push('own');
  return parts;
}

function Body({ part, onPart, result }: { part: Part; onPart(part: Part): void; result: Shown }) {
  const { report, spec } = result;
  const { measurement } = report;
  const [pick, setPick] = useState<Pick>();
  const set = useMemo(() => {
    const { model, data, set } = specOf(spec);
    const measured = measurement?.set ?? set;
    return { model, data, set: measured === 'own' ? set : measured };
  }, [spec, measurement]);
  if (part === 'own') return spec.model === 'ocr' ? <TryLine result={result} /> : <TryDigit result={result} />;
  if (!measurement) return null;
  if (measurement.kind === 'text') return <Lines measurement={measurement} set={set} />;
  if (part === 'answers') return <Answers measurement={measurement} set={set} pick={pick} onPick={setPick} />;
  return (
    <Confusions
      measurement={measurement}
      onPick={(next) => {
        setPick(next);
        onPart('answers');
      }}
    />
  );
}
