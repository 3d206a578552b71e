import type { ReactNode } from 'react';
import type { OperandBits } from '../../../../../engines/bfp/movement/types.ts';
import { Slider } from '../../../../ui/Slider.tsx';
import { Term } from '../../../../ui/Term.tsx';
import { OPERANDS } from './nest.ts';
import { terms, texts } from './texts.ts';

const SCALE = { min: 2, max: 32, step: 0.25 };

interface Props {
  bits: OperandBits;
  onChange(bits: OperandBits): void;
  /** Stands in the frame's upper edge: takes no room when it comes and goes. */
  children?: ReactNode;
}

/** What if values had other widths: bits of the three operands. */
export function BitSliders({ bits, onChange, children }: Props) {
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
      {children}
    </fieldset>
  );
}
