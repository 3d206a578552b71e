import type { BfpSlice, FormatChoice } from '../../../../engines/bfp/types.ts';
import { parseFormat } from '../../../../engines/tensor/formats/text.ts';
import type { NumberFormat } from '../../../../engines/tensor/formats/types.ts';
import { useView } from '../../../design/index.ts';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { edit, textOf } from '../actions.ts';
import { texts } from '../texts.ts';
import { FormatControls } from './FormatControls.tsx';
import { FormatField } from './FormatField.tsx';
import { bitsOf } from './families.ts';

const words = texts.format;

type Which = 'both' | 'weights' | 'activations';

/** The formats of all layers that the plan does not name: in short, and by their parts. */
export function FormatPanel({ slice, editable }: { slice: BfpSlice; editable: boolean }) {
  const [which, setWhich] = useView<Which>('bfp.formatOf', 'both');
  const shown = slice.format[which === 'activations' ? 'activations' : 'weights'];
  const format = read(shown);
  const planned = Object.keys(slice.plan).length;
  const put = (next: NumberFormat | string, of: Which, capture?: 'merge') => {
    const text = textOf(next);
    edit(
      texts.edits.format(of === 'both' ? words.title : words[of]),
      (was) => ({
        ...was,
        // Formats that are chosen by hand are not looked for.
        search: null,
        format: of === 'both' ? { weights: text, activations: text } : { ...was.format, [of]: text },
      }),
      capture,
    );
  };
  return (
    <Section title={words.title} lesson="format">
      {(['weights', 'activations'] as const).map((operand) => (
        <Row key={operand} label={words[operand]} lesson={operand}>
          <Stored choice={slice.format[operand]} />
          <FormatField value={slice.format[operand]} disabled={!editable} onChange={(next) => put(next, operand)} />
        </Row>
      ))}
      {planned > 0 && slice.search === null && (
        <div className="bfp-line">
          <span className="hint">{words.planned(planned)}</span>
          {editable && (
            <Button
              size="small"
              variant="ghost"
              label={words.clear}
              onClick={() => edit(texts.edits.clearPlan, (was) => ({ ...was, plan: {} }))}
            />
          )}
        </div>
      )}
      <div className="bfp-which">
        <Segmented<Which>
          label={words.adjust}
          value={which}
          onChange={setWhich}
          options={(['both', 'weights', 'activations'] as const).map((value) => ({
            value,
            label: value === 'both' ? words.both : words[value],
          }))}
        />
      </div>
      {format ? (
        <div className="params bfp-parts">
          <FormatControls format={format} disabled={!editable} onChange={(next) => put(next, which, 'merge')} />
        </div>
      ) : (
        <p className="hint">{words.unreadable}</p>
      )}
    </Section>
  );
}

function Stored({ choice }: { choice: FormatChoice }) {
  const format = read(choice);
  return (
    <span className="bfp-stored num" title={words.storedAbout}>
      {format && formatNumber(bitsOf(format), 'bit')}
    </span>
  );
}

/** The format that a choice means; undefined: a text that cannot be read. */
function read(choice: FormatChoice): NumberFormat | undefined {
  if (typeof choice !== 'string') return choice;
  const parsed = parseFormat(choice);
  return parsed.ok ? parsed.value : undefined;
}
