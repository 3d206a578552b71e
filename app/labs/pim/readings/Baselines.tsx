import { useMemo } from 'react';
import type { PimReport } from '../../../../engines/pim/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import { Section } from '../../../ui/Section.tsx';
import { Term } from '../../../ui/Term.tsx';
import { terms, texts } from '../texts.ts';

const words = texts.baselines;

/** Published baselines on the same network and chip, run just now; nothing when none was asked for. */
export function Baselines({ report }: { report: PimReport }) {
  const { baselines, figures } = report;
  const rows = useMemo(
    () =>
      baselines.map((each) => ({
        ...each,
        speedUp: each.timeNs / figures.timeNs,
        saving: each.energyPj / figures.energyPj,
      })),
    [baselines, figures],
  );
  if (rows.length === 0) return null;
  return (
    <Section title={words.title} lesson="baselines-result">
      <table className="pim-baselines">
        <caption className="visually-hidden">{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.time}</th>
            <th scope="col">{words.speedUp}</th>
            <th scope="col">{words.energy}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-baseline={row.id}>
              <th scope="row">
                <Term term={terms[row.id]}>{row.label}</Term>
              </th>
              <td className="num">{formatNumber(row.timeNs, 'ns')}</td>
              <td className="num" data-value={row.speedUp}>
                {words.times(row.speedUp)}
              </td>
              <td className="num">{words.times(row.saving)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">{words.about}</p>
    </Section>
  );
}
