import { ChevronLeft, ChevronRight, Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { sameJson } from '../../../../engines/document/json.ts';
import type { ModelRef } from '../../../../engines/onnx/types.ts';
import type { CrossbarLayer } from '../../../../engines/pim/crossbar/layer.ts';
import type { CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { useJob } from '../../../jobs/index.ts';
import { classes } from '../../../ui/classes.ts';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { Controls } from './Controls.tsx';
import { withFlipped } from './choices.ts';
import './crossbar.css';
import { Drawing } from './Drawing.tsx';
import { CrossbarAssumptions, Figures } from './Figures.tsx';
import { Numbers } from './Numbers.tsx';
import type { CellView } from './paint.ts';
import { texts } from './texts.ts';

export interface CrossbarBenchProps {
  slice: CrossbarSpec;
  /** Each change, named for undo. Changes of one label that follow each other closely are one slider's way. */
  onChange(label: string, next: CrossbarSpec): void;
  seed: number;
  /** The network of the lab, from which a layer can be taken. */
  model?: ModelRef;
  editable?: boolean;
  /** Every finished report, with the very spec that it was computed from: for lessons and receipts. */
  onReport?(report: CrossbarReport, spec: CrossbarSpec): void;
}

const PLAY_MS = 900;
const NO_MODEL: ModelRef = 'resnet18';

/** One crossbar at work: choices at the side, the array in the middle, the error live with every slider. */
export function CrossbarBench({
  slice,
  onChange,
  seed,
  model = NO_MODEL,
  editable = true,
  onReport,
}: CrossbarBenchProps) {
  const job = useCrossbar(slice, seed, onReport);
  const source = slice.weights.kind === 'layer' ? slice.weights.model : model;
  const layers = useLayers(source);
  const [view, setView] = useState<CellView>('conductance');
  const { shown } = job;
  const planes = usePlanes(shown?.planes.length ?? 1);
  useNamedLayer(slice, layers, onChange);

  return (
    <div className="xbar-frame">
      <div className="xbar">
        <div className="xbar-main">
          <div className="xbar-bar">
            <span className="xbar-title">
              <strong>
                {texts.about(`${slice.rows} × ${slice.columns}`, shown?.figures.cells ?? slice.rows * slice.columns)}
              </strong>
            </span>
            <Segmented<CellView>
              label={texts.viewLabel}
              value={view}
              onChange={setView}
              options={(Object.keys(texts.views) as CellView[]).map((value) => ({ value, label: texts.views[value] }))}
            />
          </div>
          {shown && <Planes report={shown} planes={planes} />}
          {job.problems.length > 0 && <ProblemList problems={job.problems} />}
          {shown ? (
            <>
              <Drawing
                report={shown}
                spec={shown.spec}
                plane={planes.at}
                view={view}
                stale={job.stale}
                onPlane={planes.go}
                onPlay={planes.toggle}
                onFlip={
                  editable && sameJson(shown.spec, slice)
                    ? (row, bit) => onChange(texts.edits.flip, withFlipped(slice, shown, row, bit))
                    : undefined
                }
              />
              <Numbers report={shown} spec={shown.spec} plane={shown.planes[planes.at]!} />
              <CrossbarAssumptions report={shown} />
            </>
          ) : (
            <p className="xbar-waiting" aria-busy>
              {job.problems.length > 0 ? '' : texts.running}
            </p>
          )}
        </div>
        <div className="xbar-side">
          <div className="xbar-figures">{shown && <Figures report={shown} stale={job.stale} />}</div>
          <div className="xbar-controls">
            <Controls
              spec={slice}
              report={shown}
              layers={layers}
              model={model}
              disabled={!editable}
              onChange={onChange}
            />
          </div>
        </div>
      </div>
    </div>
  );
}

interface PlaneState {
  at: number;
  playing: boolean;
  go(plane: number): void;
  toggle(): void;
}

/** The plane that is shown, and the clock that goes through them. */
function usePlanes(count: number): PlaneState {
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const last = count - 1;
  const here = Math.min(at, last);
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (here < last) setAt(here + 1);
      if (here + 1 >= last) setPlaying(false);
    }, PLAY_MS);
    return () => clearTimeout(timer);
  }, [playing, here, last]);
  return {
    at: here,
    playing,
    go: (plane) => {
      setPlaying(false);
      setAt(plane);
    },
    toggle: () => {
      if (!playing && here >= last) setAt(0);
      setPlaying(!playing && last > 0);
    },
  };
}

function Planes({ report, planes }: { report: CrossbarReport; planes: PlaneState }) {
  const last = report.planes.length - 1;
  const here = report.planes[planes.at]!;
  return (
    <div className="xbar-planes" data-lesson="crossbar-planes">
      <IconButton
        size="small"
        icon={ChevronLeft}
        label={texts.back}
        disabled={planes.at === 0}
        onClick={() => planes.go(planes.at - 1)}
      />
      <IconButton
        size="small"
        icon={planes.playing ? Pause : Play}
        label={planes.playing ? texts.pause : texts.play}
        disabled={last === 0}
        onClick={planes.toggle}
      />
      <IconButton
        size="small"
        icon={ChevronRight}
        label={texts.next}
        disabled={planes.at >= last}
        onClick={() => planes.go(planes.at + 1)}
      />
      <div className="xbar-chips" role="radiogroup" aria-label={texts.planes}>
        {report.planes.map(({ plane, scale }) => (
          <label key={plane} className={classes('xbar-chip', plane === planes.at && 'xbar-chip-on')}>
            <input type="radio" name="xbar-plane" checked={plane === planes.at} onChange={() => planes.go(plane)} />
            <span className="num">×{formatNumber(scale)}</span>
          </label>
        ))}
      </div>
      <span className="xbar-hint">{texts.plane(here.plane, report.planes.length, here.scale)}</span>
    </div>
  );
}

/** Runs the crossbar at every change. What is shown stays until the next is there. */
function useCrossbar(spec: CrossbarSpec, seed: number, onReport: CrossbarBenchProps['onReport']) {
  const { run, result, state, fresh, problems = [] } = useJob<CrossbarSpec, CrossbarReport>('pim/crossbar');
  const [shown, setShown] = useState<CrossbarReport>();
  const asked = useRef(spec);
  const tell = useRef(onReport);
  tell.current = onReport;
  useEffect(() => {
    asked.current = spec;
    run(spec, { seed, flush: false });
  }, [run, spec, seed]);
  useEffect(() => {
    if (!result || !fresh) return;
    setShown(result);
    tell.current?.(result, asked.current);
  }, [result, fresh]);
  return {
    shown,
    stale: state === 'running',
    problems: state === 'failed' ? problems : (shown?.problems ?? []),
  };
}

function useLayers(model: ModelRef): readonly CrossbarLayer[] | undefined {
  const { run, result, fresh } = useJob<ModelRef, CrossbarLayer[]>('pim/crossbarLayers');
  const key = JSON.stringify(model);
  useEffect(() => run(JSON.parse(key) as ModelRef, { flush: false }), [run, key]);
  return fresh ? result : undefined;
}

/** A layer that is named by nothing yet becomes the network's first. */
function useNamedLayer(
  spec: CrossbarSpec,
  layers: readonly CrossbarLayer[] | undefined,
  onChange: CrossbarBenchProps['onChange'],
) {
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    const [first] = layers ?? [];
    if (spec.weights.kind === 'layer' && spec.weights.layer === '' && first) {
      change.current(texts.edits.weights, { ...spec, weights: { ...spec.weights, layer: first.name } });
    }
  }, [spec, layers]);
}
