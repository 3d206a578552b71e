import { OUT_OF_SCOPE, SUPPORT } from '../../../../engines/verilog/support.ts';
import { Badge } from '../../../ui/Badge.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { useSim } from './state.ts';
import { texts } from './texts.ts';

const TONES = { yes: 'good', partly: 'warn', no: 'bad' } as const;

/** What the simulator reads, and what it refuses. */
export default function SupportDialog() {
  const close = () => useSim.setState({ supportOpen: false });
  const groups = [...new Set(SUPPORT.map(({ group }) => group))];
  return (
    <Dialog open onOpenChange={(open) => !open && close()} title={texts.support.title} width="wide">
      <p className="hint">{OUT_OF_SCOPE}</p>
      {groups.map((group) => (
        <section key={group} className="sim-support">
          <h3>{group}</h3>
          <ul>
            {SUPPORT.filter((row) => row.group === group).map(({ feature, state, note }) => (
              <li key={feature}>
                <Badge tone={TONES[state]}>{texts.support.states[state]}</Badge>
                <span>
                  {feature}
                  {note && <span className="hint"> {note}</span>}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}
