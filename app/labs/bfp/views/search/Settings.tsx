import type { SearchTrace } from '../../../../../engines/bfp/types.ts';
import { texts } from './texts.ts';

/** What the search on the screen went by. */
export function Settings({ trace: { settings } }: { trace: SearchTrace }) {
  const words = texts.settings;
  const facts: [string, string][] = [
    [words.method, texts.by[settings.method] ?? settings.method],
    [words.objective, words.objectives(settings)],
    [words.candidates, words.candidateText(settings)],
    [words.sensitivity, words.sensitivities[settings.sensitivity]],
    [words.measured, words.measuredText(settings.measured)],
    ...(settings.method === 'genetic'
      ? ([[words.genetic, `${settings.population}, ${settings.generations}`]] as [string, string][])
      : []),
  ];
  return (
    <section className="search-part" aria-label={words.title}>
      <div className="search-part-head">
        <h3>{words.title}</h3>
      </div>
      <dl className="search-facts">
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
