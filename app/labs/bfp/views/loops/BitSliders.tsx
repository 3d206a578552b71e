import { RotateCcw } from 'lucide-react';
import type { OperandBits } from '../../../../../engines/bfp/movement/types.ts';
import { Badge } from '../../../../ui/Badge.tsx';
import { Button } from '../../../../ui/Button.tsx';
import { Slider } from '../../../../ui/Slider.tsx';
import { Term } from '../../../../ui/Term.tsx';
import { OPERANDS } from './nest.ts';
import { terms, texts } from './texts.ts';

const SCALE = { min: 2, max: 32, step: 0.25 };

interface Props {
  bits: OperandBits;
  tried: boolean;
  onChange(bits: OperandBits): void;
  /** Back to the plan's; undefined: there is none, or nothing was changed. */
  onBack?: (() => void) | undefined;
}

/** What if values had other widths: bits of the three operands. */
export function BitSliders({ bits, tried, onChange, onBack }: Props) {
  return (
    <fieldset className="loops-bits">
      <legend>
        {texts.bits} <Term term={terms.bits} mark />
      </legend>
      {OPERANDS.map((operand) => (
        <div key={operand} className="loops-slider">
          <span className={`loops-swatch loops-${operand}`} aria-hidden />
          <span className="loops-slider-name">{texts.bitsOf[operand]}</span>
          <Slider
            {...SCALE}
            label={texts.bitsOf[operand]}
            exactLabel={texts.exact(texts.bitsOf[operand])}
            value={Math.round(bits[operand] * 100) / 100}
            onChange={(value) => onChange({ ...bits, [operand]: value })}
          />
        </div>
      ))}
      <div className="loops-back">
        {onBack && <Button size="small" icon={RotateCcw} label={texts.back} title={texts.backAbout} onClick={onBack} />}
        {tried && onBack && <Badge tone="accent">{texts.trying}</Badge>}
      </div>
    </fieldset>
  );
}
