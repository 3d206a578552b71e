import { FORMAT_LIMITS, GGUF_TYPES } from '../../../../engines/tensor/formats/text.ts';
import type { Block, GgufType, MxElement, NumberFormat, Rounding } from '../../../../engines/tensor/formats/types.ts';
import { Row } from '../../../ui/Row.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Slider } from '../../../ui/Slider.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { terms, texts } from '../texts.ts';
import { FAMILIES, type Family, familyOf, inFamily } from './families.ts';

const words = texts.format;

export interface FormatControlsProps {
  format: NumberFormat;
  disabled: boolean;
  onChange(format: NumberFormat): void;
}

/** A format by its parts: family, bits, what shares a scale, rounding. Only the parts that the family has. */
export function FormatControls({ format, disabled, onChange }: FormatControlsProps) {
  const family = familyOf(format);
  return (
    <>
      <Row label={words.family} term={terms[family === 'nvfp4' ? 'nvfp4' : family]} lesson="family">
        <Select<Family>
          disabled={disabled}
          value={family}
          onChange={(next) => onChange(inFamily(next, format))}
          options={FAMILIES.map((value) => ({ value, label: words.families[value] }))}
        />
      </Row>
      <Parts format={format} disabled={disabled} onChange={onChange} />
      {'block' in format && (
        <Row label={words.block} lesson="block">
          <BlockSelect value={format.block} disabled={disabled} onChange={(block) => onChange({ ...format, block })} />
        </Row>
      )}
      {'rounding' in format && (
        <Row label={words.rounding} term={terms.rounding} lesson="rounding">
          <Select<Rounding>
            disabled={disabled}
            value={format.rounding}
            onChange={(rounding) => onChange({ ...format, rounding })}
            options={(Object.keys(words.roundings) as Rounding[]).map((value) => ({
              value,
              label: words.roundings[value],
            }))}
          />
        </Row>
      )}
    </>
  );
}

function Parts({ format, disabled, onChange }: FormatControlsProps) {
  const bits = (label: string, value: number, [min, max]: readonly [number, number], put: (next: number) => void) => (
    <Row label={label} lesson={label === words.mantissa ? 'mantissa' : undefined}>
      <Slider
        disabled={disabled}
        value={value}
        min={min}
        max={max}
        step={1}
        exactLabel={label}
        onChange={(next) => put(Math.round(next))}
      />
    </Row>
  );
  switch (format.kind) {
    case 'bfp': {
      const { mantissaBits, exponentBits } = format;
      return (
        <>
          {bits(words.mantissa, mantissaBits, FORMAT_LIMITS.bfp.mantissaBits, (next) =>
            onChange({ ...format, mantissaBits: next }),
          )}
          {bits(words.shared, exponentBits, FORMAT_LIMITS.bfp.exponentBits, (next) =>
            onChange({ ...format, exponentBits: next }),
          )}
        </>
      );
    }
    case 'block-minifloat': {
      const { mantissaBits, exponentBits } = format;
      return (
        <>
          {bits(words.mantissa, mantissaBits, FORMAT_LIMITS.minifloat.mantissaBits, (next) =>
            onChange({ ...format, mantissaBits: next }),
          )}
          {bits(words.exponent, exponentBits, FORMAT_LIMITS.minifloat.exponentBits, (next) =>
            onChange({ ...format, exponentBits: next }),
          )}
        </>
      );
    }
    case 'int':
      return (
        <>
          {bits(words.bits, format.bits, FORMAT_LIMITS.int.bits, (next) => onChange({ ...format, bits: next }))}
          <Row label={words.symmetric}>
            <Switch
              disabled={disabled}
              checked={format.symmetric}
              onChange={(symmetric) => onChange({ ...format, symmetric })}
            />
          </Row>
        </>
      );
    case 'mx':
      return (
        <Row label={words.element}>
          <Select<MxElement>
            disabled={disabled}
            value={format.element}
            onChange={(element) => onChange({ ...format, element })}
            options={(Object.keys(words.elements) as MxElement[]).map((value) => ({
              value,
              label: words.elements[value],
            }))}
          />
        </Row>
      );
    case 'gguf':
      return (
        <Row label={words.type}>
          <Select<GgufType>
            disabled={disabled}
            value={format.type}
            onChange={(type) => onChange({ ...format, type })}
            options={GGUF_TYPES.map((value) => ({ value, label: value.toUpperCase() }))}
          />
        </Row>
      );
    case 'nvfp4':
      return null;
    default:
      return (
        <Row label={words.element}>
          <Select<'float32' | 'float16' | 'bfloat16'>
            disabled={disabled}
            value={format.kind}
            onChange={(kind) => onChange({ kind })}
            options={(['float32', 'float16', 'bfloat16'] as const).map((value) => ({
              value,
              label: words.floats[value],
            }))}
          />
        </Row>
      );
  }
}

const SIZES: readonly Block[] = [4, 8, 16, 32, 64, 128, 256, 'row', 'tensor'];

function BlockSelect(props: { value: Block; disabled: boolean; onChange(block: Block): void }) {
  const { value, disabled, onChange } = props;
  const blocks = SIZES.includes(value) ? SIZES : [value, ...SIZES];
  return (
    <Select
      disabled={disabled}
      value={String(value)}
      onChange={(text) => onChange(blocks.find((each) => String(each) === text) ?? value)}
      options={blocks.map((each) => ({
        value: String(each),
        label: typeof each === 'string' ? words.blocks[each] : words.blockOf(each),
      }))}
    />
  );
}
