import { RotateCcw } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { TensorReport, TensorSpec } from '../../../../../engines/bfp/tensor-entry.ts';
import type { Region } from '../../../../../engines/bfp/tensor-map.ts';
import type { BfpSlice } from '../../../../../engines/bfp/types.ts';
import { formatText, parseFormat } from '../../../../../engines/tensor/formats/text.ts';
import type { NumberFormat } from '../../../../../engines/tensor/formats/types.ts';
import { isEditable, useDesign } from '../../../../design/index.ts';
import { Button } from '../../../../ui/Button.tsx';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Row } from '../../../../ui/Row.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { setLayerFormat } from '../../actions.ts';
import { nameOf } from '../../download/downloads.ts';
import { specOf } from '../../run/spec.ts';
import { FormatControls } from '../../setup/FormatControls.tsx';
import { FormatField } from '../../setup/FormatField.tsx';
import { BitsLegend, BlockPanel } from './BlockPanel.tsx';
import { MapCanvas, type Place } from './MapCanvas.tsx';
import { MapTable } from './MapTable.tsx';
import type { Shown } from './map-paint.ts';
import { covered, whole } from './region.ts';
import { SpreadChart } from './SpreadChart.tsx';
import { texts } from './texts.ts';
import { useTensor } from './use-tensor.ts';

const FLOAT: NumberFormat = { kind: 'float32' };
/** Pixels of the smallest cell that is asked for. */
const CELL = 2;

export interface MicroscopeProps {
  slice: BfpSlice;
  layer: string;
  /** The format that the layer's weights have in the design. */
  own: string;
}

/** One layer: its map, the block that is picked, the format that is tried, and what that does to all weights. */
export function Microscope({ slice, layer, own }: MicroscopeProps) {
  const seed = useDesign((state) => state.design?.document.seed ?? 1);
  const editable = useDesign(() => isEditable());
  const [draft, setDraft] = useState<{ of: string; text: string }>();
  const [shown, setShown] = useState<Shown | 'table'>('values');
  const [region, setRegion] = useState<Region>();
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [pick, setPick] = useState<Place>({ row: 0, column: 0 });
  // A draft is of the format that the layer had; when that changes in the design, it is that again.
  const text = draft?.of === own ? draft.text : own;
  const parsed = parseFormat(text);
  const format = parsed.ok ? parsed.value : FLOAT;
  const put = (next: NumberFormat | string) =>
    setDraft({ of: own, text: typeof next === 'string' ? next : formatText(next) });
  const onRoom = useCallback((width: number, height: number) => setRoom({ width, height }), []);

  const spec = useMemo((): TensorSpec | undefined => {
    if (!parsed.ok) return undefined;
    const { model, data } = specOf(slice);
    // A first look before the room is known: it brings the size of the matrix and what the figures need.
    const cells: [number, number] =
      room.width === 0
        ? [64, 64]
        : [Math.max(8, Math.floor(room.height / CELL)), Math.max(8, Math.floor(room.width / CELL))];
    return { model, data, layer, format: text, cells, pick, ...(region && { region: covered(region) }) };
  }, [slice, layer, text, parsed.ok, region, room, pick]);
  const { report, problems, running, tookMs } = useTensor(spec, seed);

  const [rows, columns] = [report?.layer.rows ?? 1, report?.layer.rowLength ?? 1];
  const seen = useMemo(() => region ?? whole({ rows, columns }), [region, rows, columns]);

  if (!report) {
    return problems.length > 0 ? (
      <div className="bfp-noresult">
        <EmptyState title={texts.failed} />
        <ProblemList problems={problems.slice(0, 3)} />
      </div>
    ) : (
      <EmptyState title={texts.loading} text={layer} />
    );
  }
  return (
    <div className="tensor" aria-busy={running}>
      <div className="tensor-both">
        <div className="tensor-main">
          <div className="tensor-modes">
            <Segmented<Shown | 'table'>
              label={texts.show}
              value={shown}
              onChange={setShown}
              options={(Object.keys(texts.shows) as (Shown | 'table')[]).map((value) => ({
                value,
                label: texts.shows[value],
              }))}
            />
            <span className="hint">
              {texts.size(report.layer.rows, report.layer.rowLength)}
              {slice.fineTune !== null && ` · ${texts.trained}`}
            </span>
          </div>
          {shown === 'table' ? (
            <MapTable report={report} onPick={setPick} />
          ) : (
            <MapCanvas
              report={report}
              shown={shown}
              region={seen}
              onRegion={setRegion}
              onRoom={onRoom}
              picked={pick}
              onPick={setPick}
            />
          )}
          <section className="tensor-blocks" aria-label={texts.block}>
            <header className="tensor-blocks-head">
              <h3>
                {texts.block} {report.picked && <small>{texts.blockOf(report.picked.elements)}</small>}
              </h3>
              <BitsLegend />
            </header>
            <BlockPanel report={report} picked={report.picked} onPick={setPick} />
          </section>
        </div>
        <div className="tensor-side">
          <section aria-label={texts.format}>
            <h3>{texts.format}</h3>
            <div className="params">
              <Row label={texts.text}>
                <FormatField value={text} disabled={false} onChange={put} />
                <IconButton
                  size="small"
                  icon={RotateCcw}
                  label={texts.reset}
                  disabled={text === own}
                  onClick={() => setDraft(undefined)}
                />
              </Row>
              <FormatControls format={format} disabled={!parsed.ok} onChange={put} />
            </div>
            <Button
              variant="primary"
              label={text === own ? texts.inUse : texts.use}
              title={texts.useAbout}
              disabled={!editable || !parsed.ok || text === own}
              onClick={() => setLayerFormat(layer, 'weights', text)}
            />
          </section>
          <section aria-label={texts.histogram}>
            <h3>{texts.histogram}</h3>
            <SpreadChart spread={report.spread} fileName={nameOf(`-${layer.replace(/[^\w.-]+/g, '-')}-histogram`)} />
          </section>
          <Figures report={report} tookMs={tookMs} />
          {problems.length > 0 && <ProblemList problems={problems.slice(0, 3)} />}
        </div>
      </div>
    </div>
  );
}

function Figures({ report, tookMs }: { report: TensorReport; tookMs: number | undefined }) {
  const { error, stored } = report;
  const of = stored.elements;
  const rows: [string, string][] = [
    [texts.stored, formatNumber(stored.perElement, 'bit')],
    [
      texts.signalToNoise,
      error.signalToNoiseDb === undefined ? texts.exact : formatNumber(error.signalToNoiseDb, 'dB'),
    ],
    [texts.meanSquaredError, formatNumber(error.meanSquaredError)],
    [texts.maxAbsError, formatNumber(error.maxAbsError)],
    [texts.flushedToZero, texts.ofWeights(error.flushedToZero, of)],
    [texts.saturated, texts.ofWeights(error.saturated, of)],
  ];
  return (
    <section aria-label={texts.figures}>
      <h3>{texts.figures}</h3>
      <dl className="tensor-figures">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="hint tensor-took">{tookMs === undefined ? '\u00a0' : texts.took(tookMs)}</p>
    </section>
  );
}
