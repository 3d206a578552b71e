import { characterEdits } from './data/ocr-edits.ts';
import type { Said, SampleSet } from './data/types.ts';
import { type Answers, signalToNoiseDb } from './measure.ts';
import { type PairedLine, pairedClasses, pairedLines, wilsonShare } from './statistics/index.ts';
import type { Measurement, Prediction, Share } from './types.ts';

/** Samples that a report shows. */
const MOST_SHOWN = 400;
const MOST_CLASSES = 100;

/** How many of the first samples of a set were said rightly: classes, or characters of text. */
export function shareOf(said: readonly Said[], { labels }: SampleSet): Share {
  if (labels.kind === 'classes') {
    return wilsonShare(said.filter(({ what }, index) => what === labels.of[index]).length, said.length);
  }
  let [edits, characters] = [0, 0];
  for (const [index, { what }] of said.entries()) {
    const line = characterEdits(labels.lines[index]!, String(what));
    edits += line.edits;
    characters += line.characters;
  }
  // A reading may be longer than its line, and have more edits than the line has characters: nothing is right then.
  return wilsonShare(Math.max(0, characters - edits), characters);
}

/** A plan and float32 on the first samples of a set: shares with intervals, the paired test, what they disagree on. */
export function judge(
  float: readonly Said[],
  plan: Pick<Answers, 'said' | 'noise' | 'signal'>,
  set: SampleSet,
  seed: number,
): Measurement {
  const { labels } = set;
  const shared = {
    kind: labels.kind,
    set: set.set,
    samples: plan.said.length,
    float: shareOf(float, set),
    plan: shareOf(plan.said, set),
    ...(plan.signal > 0 && { outputSignalToNoiseDb: signalToNoiseDb(plan) }),
  };
  const predictions = plan.said.map(
    (said, sample): Prediction => ({
      sample,
      float: float[sample]!.what,
      plan: said.what,
      label: labels.kind === 'classes' ? labels.of[sample]! : labels.lines[sample]!,
      floatConfidence: float[sample]!.confidence,
      planConfidence: said.confidence,
    }),
  );
  if (labels.kind === 'text') {
    const lines = predictions.map((prediction): PairedLine => {
      const before = characterEdits(String(prediction.label), String(prediction.float));
      const after = characterEdits(String(prediction.label), String(prediction.plan));
      return { characters: before.characters, floatEdits: before.edits, planEdits: after.edits };
    });
    return { ...shared, difference: pairedLines(lines, seed), shown: predictions.slice(0, MOST_SHOWN) };
  }
  const counts = { both: 0, lost: 0, won: 0, neither: 0 };
  for (const { float: before, plan: after, label } of predictions) {
    if (before === label) counts[after === label ? 'both' : 'lost'] += 1;
    else counts[after === label ? 'won' : 'neither'] += 1;
  }
  return {
    ...shared,
    difference: pairedClasses(counts),
    ...(labels.classes.length <= MOST_CLASSES && {
      confusion: {
        classes: labels.classes,
        float: confusionOf(predictions, 'float', labels.classes.length),
        plan: confusionOf(predictions, 'plan', labels.classes.length),
      },
    }),
    shown: predictions
      .filter(({ float: before, plan: after, label }) => before !== label || after !== label)
      .slice(0, MOST_SHOWN),
  };
}

function confusionOf(predictions: readonly Prediction[], whose: 'float' | 'plan', classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const prediction of predictions) matrix[prediction.label as number]![prediction[whose] as number]! += 1;
  return matrix;
}
