import type { Assumption } from '../../engines/core/report.ts';
import { Section } from './Section.tsx';

/** What a result rests on: constants and rules that are not the source's own, each with whose it is and why. */
export function Assumptions({
  title,
  assumptions,
  sources,
}: {
  title: string;
  assumptions: readonly Assumption[];
  /** Words for whose an assumption is. */
  sources: Record<Assumption['source'], string>;
}) {
  return (
    <Section title={title} aside={assumptions.length} foldable folded lesson="assumptions">
      <ul className="assumptions">
        {assumptions.map((each) => (
          <li key={each.id} title={each.reason}>
            <b data-source={each.source}>{sources[each.source]}</b> {each.what}
            {each.value !== undefined && <span className="num"> {each.value}</span>}
            <span className="assumption-reason">{each.reason}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
