import { Gauge, Square } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import type { CompareReport, CompareSpec } from '../../../../../engines/bfp/compare.ts';
import type { BfpSlice } from '../../../../../engines/bfp/types.ts';
import { useDesign, useSlice, useView } from '../../../../design/index.ts';
import { useJob } from '../../../../jobs/index.ts';
import { JobBar } from '../../../../jobs/JobBar.tsx';
import { Button } from '../../../../ui/Button.tsx';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Row } from '../../../../ui/Row.tsx';
import { Slider } from '../../../../ui/Slider.tsx';
import { View } from '../../../../ui/View.tsx';
import { textOf } from '../../actions.ts';
import { specOf } from '../../run/spec.ts';
import { useBfp } from '../../state.ts';
import { FormatBars } from './FormatBars.tsx';
import { FormatTable } from './FormatTable.tsx';
import { LayerTable } from './LayerTable.tsx';
import { texts } from './texts.ts';
import './compare.css';

/** Sizes at which several families meet. */
const PRESETS = [3.25, 4.25, 4.5, 5.5, 6.25, 8.25, 8.5];

/** Formats of equal size on the network's own weights, and, when asked for, on its data. */
export default function CompareView() {
  const slice = useSlice<BfpSlice>('bfp');
  const [bits, setBits] = useView('bfp.compareBits', 4.25);
  const seed = useDesign((state) => state.design?.document.seed ?? 1);
  const noData = useBfp((state) => state.listing?.model.kind === 'none');
  const spec = useMemo((): CompareSpec => {
    const { model, data } = specOf(slice);
    return { model, data, bits, also: [textOf(slice.format.weights)] };
  }, [slice, bits]);
  const key = JSON.stringify([spec, seed]);
  const { run, result, state, problems = [] } = useJob<CompareSpec, CompareReport>('bfp/compare');
  const measuring = useJob<CompareSpec, CompareReport>('bfp/compare');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says the spec and the seed.
  useEffect(() => run(spec, { seed, flush: false }), [key, run]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is measured is of one spec.
  useEffect(() => () => measuring.cancel(), [key]);

  const measured = measuring.result && sameFormats(measuring.result, result) ? measuring.result : undefined;
  const shown = measured ?? result;
  return (
    <View title={texts.title} about={texts.about} lesson="compare">
      <div className="bfp-scroll compare">
        <div className="compare-bits">
          <Row label={texts.bits}>
            <Slider min={2.25} max={9} step={0.05} value={bits} exactLabel={texts.exactBits} onChange={setBits} />
          </Row>
          <fieldset className="bfp-choices compare-presets">
            <legend className="visually-hidden">{texts.presets}</legend>
            {PRESETS.map((preset) => (
              <button
                key={preset}
                type="button"
                className={preset === bits ? 'bfp-choice bfp-choice-on' : 'bfp-choice'}
                aria-pressed={preset === bits}
                onClick={() => setBits(preset)}
              >
                {preset}
              </button>
            ))}
          </fieldset>
          {measuring.state === 'running' ? (
            <Button size="small" icon={Square} label={texts.stop} onClick={measuring.cancel} />
          ) : (
            <Button
              size="small"
              icon={Gauge}
              label={texts.measure}
              title={noData ? texts.noData : texts.measureAbout(shown?.samples || undefined)}
              disabled={noData || !result}
              onClick={() => measuring.run({ ...spec, measure: true }, { seed, flush: false })}
            />
          )}
        </div>
        <p className="hint">{texts.tolerance(bits)}</p>
        {measuring.state === 'running' && (
          <JobBar
            label={texts.measuring}
            what={measuring.progress?.what ?? texts.measuring}
            fraction={measuring.progress?.fraction}
            stop={texts.stop}
            onStop={measuring.cancel}
          />
        )}
        {measuring.state === 'failed' && <ProblemList problems={(measuring.problems ?? []).slice(0, 3)} />}
        {shown ? (
          <div className={state === 'running' ? 'chart-stale' : undefined}>
            <FormatBars report={shown} />
            <FormatTable report={shown} slice={slice} />
            {shown.accuracyFloat && (
              <p className="hint">
                {texts.float(
                  texts.accuracyOf(
                    shown.accuracyFloat.percent,
                    shown.accuracyFloat.lowPercent,
                    shown.accuracyFloat.highPercent,
                  ),
                )}{' '}
                {texts.interval} {texts.measureAbout(shown.samples)}
              </p>
            )}
            <LayerTable report={shown} />
          </div>
        ) : state === 'failed' ? (
          <div className="bfp-noresult">
            <EmptyState title={texts.failed} />
            <ProblemList problems={problems.slice(0, 3)} />
          </div>
        ) : (
          <EmptyState title={texts.loading} text={texts.loadingText} />
        )}
      </div>
    </View>
  );
}

/** Whether what was measured is of what is on the screen. */
function sameFormats(measured: CompareReport, shown: CompareReport | undefined): boolean {
  if (!shown || measured.formats.length !== shown.formats.length) return false;
  return measured.formats.every(
    (each, index) =>
      each.text === shown.formats[index]?.text &&
      each.totalSignalToNoiseDb === shown.formats[index]?.totalSignalToNoiseDb,
  );
}
