import { useMemo } from 'react';
import type { ComparedFormat, CompareReport } from '../../../../../engines/bfp/compare.ts';
import { BarChart, type ChartColour } from '../../../../charts/BarChart.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { Select } from '../../../../ui/Select.tsx';
import { nameOf } from '../../download/downloads.ts';
import { useBfp } from '../../state.ts';
import { texts } from './texts.ts';

const COLOURS: Record<ComparedFormat['family'], ChartColour> = {
  bfp: 'c1',
  'block-minifloat': 'c5',
  mx: 'c3',
  nvfp4: 'c7',
  int: 'c2',
  uint: 'c6',
  gguf: 'c4',
  own: 'c8',
};

/** What a format holds of a layer, or of all of them, in dB. */
export function noiseOf(format: ComparedFormat, layer: string | undefined): number | undefined {
  return layer === undefined
    ? format.averageSignalToNoiseDb
    : format.layers.find(({ name }) => name === layer)?.signalToNoiseDb;
}

/** Signal to noise by format, best first: of the layer that is held, else of the network. */
export function FormatBars({ report }: { report: CompareReport }) {
  const selected = useBfp((state) => state.selectedLayer);
  const layer = report.layers.some(({ name }) => name === selected) ? selected : undefined;
  const bars = useMemo(
    () =>
      report.formats
        .flatMap((format) => {
          const value = noiseOf(format, layer);
          if (value === undefined) return [];
          const { text, family, bits, equal } = format;
          const size = equal ? '' : ` (${formatNumber(bits, 'bit')})`;
          return {
            id: text,
            label: `${text}${size}`,
            value: Math.max(0, Math.round(100 * value) / 100),
            kind: texts.families[family],
            colour: COLOURS[family],
            detail: texts.barDetail(formatNumber(bits, 'bit'), equal),
          };
        })
        .sort((a, b) => b.value - a.value),
    [report, layer],
  );
  return (
    <section className="compare-bars" aria-label={texts.chart(layer ?? texts.network)}>
      <div className="compare-of">
        <span>{texts.of}</span>
        <Select
          label={texts.of}
          value={layer ?? ''}
          onChange={(name) => useBfp.setState({ selectedLayer: name === '' ? undefined : name })}
          options={[
            { value: '', label: texts.network },
            ...report.layers.map(({ name }) => ({ value: name, label: name })),
          ]}
        />
      </div>
      <BarChart
        title={texts.chart(layer ?? texts.network)}
        quantity={texts.quantity}
        unit="dB"
        subject={texts.subject}
        bars={bars}
        better="higher"
        fileName={nameOf('-formats')}
      />
    </section>
  );
}
