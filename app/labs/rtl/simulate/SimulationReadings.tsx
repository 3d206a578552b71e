import { useMemo } from 'react';
import type { SimulateReport } from '../../../../engines/verilog/types.ts';
import { Assumptions } from '../../../ui/Assumptions.tsx';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { formatBytes, formatNumber } from '../../../ui/format.ts';
import { type Reading, Readings } from '../../../ui/Readings.tsx';
import { Section } from '../../../ui/Section.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { texts as lab } from '../texts.ts';
import { useSim } from './state.ts';
import { texts } from './texts.ts';

const words = texts.readings;
const MOST_ROWS = 12;

/** What the run did, how busy the design was, and what the figures rest on. */
export function SimulationReadings() {
  const report = useSim((state) => state.result?.report);
  const stale = useSim((state) => state.stale);
  if (!report) {
    return (
      <Section title={words.title} lesson="simulation-readings">
        <p className="hint">{texts.notRun.text}</p>
      </Section>
    );
  }
  return (
    <div className={stale ? 'results results-stale' : 'results'}>
      <Section title={words.title} lesson="simulation-readings">
        <p className="made">
          <span className="mono">{report.tops.join(', ')}</span>
          <Badge>
            <span title={report.backEnd === 'interpreted' ? words.interpretedAbout : undefined}>
              {words.backEnd[report.backEnd]}
            </span>
          </Badge>
        </p>
        <Readings hero stale={stale} rows={rowsOf(report)} />
      </Section>
      <Activity report={report} />
      {report.files.length > 0 && (
        <Section title={words.files} aside={formatNumber(report.files.length)}>
          {report.files.map(({ path, bytes }) => (
            <div key={path} className="sim-file">
              <Button
                size="small"
                variant="ghost"
                label={path}
                title={words.save(path)}
                onClick={() => saveFile(path.slice(path.lastIndexOf('/') + 1), bytes)}
              />
              <span className="num">{formatBytes(bytes.length)}</span>
            </div>
          ))}
        </Section>
      )}
      <Assumptions title={lab.assumptions.title} assumptions={report.assumptions} sources={lab.assumptions.source} />
    </div>
  );
}

function rowsOf({ figures, measured }: SimulateReport): Reading[] {
  const seconds = (measured.timesMs.run ?? 0) / 1000;
  return [
    { id: 'time', label: words.time, value: figures.simulatedTimeNs, unit: 'ns' },
    { id: 'events', label: words.events, value: figures.events },
    { id: 'changes', label: words.changes, value: figures.valueChanges },
    { id: 'toggles', label: words.toggles, value: figures.toggles },
    { id: 'signals', label: words.signals, value: figures.signals },
    { id: 'processes', label: words.processes, value: figures.processes },
    ...(seconds > 0
      ? [
          {
            id: 'speed',
            label: words.speed,
            value: Math.round(figures.events / seconds),
            provenance: 'measured' as const,
          },
        ]
      : []),
    { id: 'all', label: words.timeNames.all!, value: measured.timesMs.all, unit: 'ms', provenance: 'measured' },
  ];
}

function Activity({ report }: { report: SimulateReport }) {
  const rows = useMemo(
    () =>
      [...report.activity]
        .filter(({ toggles }) => toggles > 0)
        .sort((one, other) => other.toggles - one.toggles || (one.path < other.path ? -1 : 1)),
    [report],
  );
  if (rows.length === 0) return null;
  const { simulatedTimeNs } = report.figures;
  return (
    <Section title={words.activity} aside={formatNumber(rows.length)} foldable lesson="activity">
      <p className="hint">{words.activityAbout}</p>
      <table className="sim-activity">
        <thead>
          <tr>
            <th scope="col">{words.signal}</th>
            <th scope="col">{words.rate}</th>
            <th scope="col">{words.high}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map(({ path, width, toggles, highTicks }) => (
            <tr key={path}>
              <td className="mono" title={path}>
                {path}
              </td>
              <td className="num">{simulatedTimeNs > 0 ? formatNumber(toggles / simulatedTimeNs) : '–'}</td>
              <td className="num">{formatNumber((100 * highTicks) / Math.max(1, width * report.endTicks), '%')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
