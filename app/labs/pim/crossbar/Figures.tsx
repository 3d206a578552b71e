import type { CrossbarReport } from '../../../../engines/pim/crossbar/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import { Readings } from '../../../ui/Readings.tsx';
import { Section } from '../../../ui/Section.tsx';
import { amount } from './readout.ts';
import { causeNames, terms, texts } from './texts.ts';

const words = texts.readings;

/** The error and what it cost, and each cause of it alone. */
export function Figures({ report, stale }: { report: CrossbarReport; stale: boolean }) {
  const { figures, causes } = report;
  const most = Math.max(...causes.map(({ rmsError }) => rmsError), 1e-9);
  return (
    <>
      <Section title={texts.sections.error} lesson="crossbar-error">
        <Readings
          hero
          stale={stale}
          caption={texts.sections.error}
          rows={[
            {
              id: 'signalToNoiseDb',
              label: figures.rmsError === 0 ? '' : words.snr,
              value: figures.signalToNoiseDb,
              unit: 'dB',
              format: (value) =>
                figures.rmsError === 0 ? words.exact : value === undefined ? '–' : `${value.toFixed(1)}\u202fdB`,
            },
            { id: 'rmsError', label: words.rms, value: figures.rmsError, format: (value) => amount(value ?? 0) },
            { id: 'maxError', label: words.most, value: figures.maxError, format: (value) => amount(value ?? 0) },
            {
              id: 'effectiveBits',
              label: words.effective,
              value: figures.effectiveBits,
              unit: 'bit',
              term: terms.effective,
              format: (value) => `${(value ?? 0).toFixed(1)}\u202fbit`,
            },
            { id: 'clippedPercent', label: words.clipped, value: figures.clippedPercent, unit: '%' },
            { id: 'energyPj', label: words.energy, value: figures.energyPj, unit: 'pJ' },
            { id: 'latencyNs', label: words.latency, value: figures.latencyNs, unit: 'ns' },
          ]}
        />
      </Section>
      <Section title={texts.sections.causes} lesson="crossbar-causes">
        <ul className="xbar-causes">
          {causes.map(({ cause, rmsError }) => (
            <li key={cause}>
              <span>{causeNames[cause]}</span>
              <span className="xbar-cause-bar" aria-hidden>
                <i style={{ width: `${rmsError === 0 ? 0 : Math.max(1, (100 * rmsError) / most)}%` }} />
              </span>
              <span className="num">{rmsError === 0 ? '0' : formatNumber(Number(rmsError.toPrecision(3)))}</span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

/** Constants and rules that are ours. */
export function CrossbarAssumptions({ report }: { report: CrossbarReport }) {
  return (
    <Section title={texts.assumptions} aside={report.assumptions.length} foldable folded>
      <ul className="xbar-assumptions">
        {report.assumptions.map(({ id, what, reason, source }) => (
          <li key={id}>
            <b>{source}</b> {what} <span>{reason}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
