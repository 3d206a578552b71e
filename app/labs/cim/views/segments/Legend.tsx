import { COSTS } from './kinds.ts';
import { texts } from './texts.ts';

/** What the colours of the row stand for. */
export function Legend({ editable, rival }: { editable: boolean; rival: boolean }) {
  const words = texts.legend;
  return (
    <ul className="cimseg-legend" aria-label={words.title}>
      <li>
        <i style={{ background: 'var(--c1)' }} aria-hidden /> {words.compute}
      </li>
      <li>
        <i style={{ background: 'var(--c2)' }} aria-hidden /> {words.memory}
      </li>
      {COSTS.filter(({ id }) => id !== 'computeCycles').map(({ id, colour }) => (
        <li key={id}>
          <i style={{ background: `var(--${colour})` }} aria-hidden /> {texts.costs[id].toLowerCase()}
        </li>
      ))}
      <li>
        <i className="cimseg-key-data" aria-hidden /> {words.data}
      </li>
      <li>
        <i className="cimseg-key-operand" aria-hidden /> {words.operand}
      </li>
      {rival && (
        <li>
          <i className="cimseg-key-rival" aria-hidden /> {words.rival}
        </li>
      )}
      {editable && <li className="cimseg-hint">{texts.hint}</li>}
    </ul>
  );
}
