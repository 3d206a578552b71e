import { Shuffle } from 'lucide-react';
import type { ModelRef } from '../../../../engines/onnx/types.ts';
import type { CrossbarLayer } from '../../../../engines/pim/crossbar/layer.ts';
import type { CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { modelName } from '../../../models/model-ref.ts';
import { Button } from '../../../ui/Button.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Slider } from '../../../ui/Slider.tsx';
import { Term, type TermInfo } from '../../../ui/Term.tsx';
import { formatDuration, givenOf, idealOf, samePlace } from './choices.ts';
import { terms, texts } from './texts.ts';

const words = texts.fields;

export interface ControlsProps {
  spec: CrossbarSpec;
  report: CrossbarReport | undefined;
  layers: readonly CrossbarLayer[] | undefined;
  /** The network that a layer is taken from. */
  model: ModelRef;
  disabled: boolean;
  onChange(label: string, next: CrossbarSpec): void;
}

type NumberField = {
  [K in keyof CrossbarSpec]: CrossbarSpec[K] extends number ? K : never;
}[keyof CrossbarSpec];

interface FieldProps {
  field: NumberField;
  label: string;
  min: number;
  max: number;
  step?: number;
  scale?: 'log';
  least?: number;
  unit?: string;
  term?: TermInfo;
  words?(value: number): string;
}

/** All choices about the crossbar, in groups. */
export function Controls(props: ControlsProps) {
  const { spec, disabled, onChange } = props;
  const field = ({ field: name, label, step = 1, ...range }: FieldProps) => (
    <Row key={name} label={label} term={range.term} note={range.words?.(spec[name])}>
      <Slider
        value={spec[name]}
        step={step}
        disabled={disabled}
        onChange={(value) => onChange(texts.edits.field(label), { ...spec, [name]: value })}
        {...range}
      />
    </Row>
  );
  return (
    <>
      <What {...props} field={field} />
      <Section title={texts.sections.numbers} lesson="crossbar-numbers">
        {field({ field: 'weightBits', label: words.weightBits, min: 2, max: 8, unit: 'bit', term: terms.slices })}
        {field({ field: 'cellBits', label: words.cellBits, min: 1, max: 8, unit: 'bit' })}
        <Row label={words.signed} term={terms.signed}>
          <Segmented
            value={spec.signed}
            onChange={(signed) =>
              onChange(texts.edits.field(words.signed), {
                ...spec,
                signed,
                adcBits: Math.max(signed === 'pair' ? 2 : 1, spec.adcBits),
              })
            }
            options={[
              { value: 'offset', label: texts.signs.offset, disabled },
              { value: 'pair', label: texts.signs.pair, disabled },
            ]}
          />
        </Row>
        {field({ field: 'inputBits', label: words.inputBits, min: 1, max: 8, unit: 'bit', term: terms.planes })}
      </Section>
      <Section title={texts.sections.converters} lesson="crossbar-converters">
        {field({ field: 'dacBits', label: words.dacBits, min: 1, max: 8, unit: 'bit', term: terms.dac })}
        {field({
          field: 'adcBits',
          label: words.adcBits,
          min: spec.signed === 'pair' ? 2 : 1,
          max: 14,
          unit: 'bit',
          term: terms.adc,
        })}
        {field({ field: 'adcRangePercent', label: words.adcRange, min: 2, max: 100, unit: '%', term: terms.range })}
      </Section>
      <Section
        title={texts.sections.cells}
        lesson="crossbar-cells"
        aside={
          <Button
            size="small"
            variant="ghost"
            label={texts.ideal}
            title={texts.idealTitle}
            disabled={disabled}
            onClick={() => onChange(texts.edits.ideal, idealOf(spec))}
          />
        }
      >
        {field({
          field: 'variationPercent',
          label: words.variation,
          min: 0,
          max: 30,
          step: 0.5,
          unit: '%',
          term: terms.variation,
        })}
        {field({
          field: 'readNoisePercent',
          label: words.noise,
          min: 0,
          max: 20,
          step: 0.5,
          unit: '%',
          term: terms.noise,
        })}
        {field({
          field: 'wireOhm',
          label: words.wire,
          min: 0,
          max: 200,
          step: 0.01,
          least: 0.1,
          scale: 'log',
          unit: 'Ω',
          term: terms.wires,
        })}
        {field({ field: 'driftExponent', label: words.drift, min: 0, max: 0.2, step: 0.005, term: terms.drift })}
        {field({
          field: 'driftSeconds',
          label: words.time,
          min: 1,
          max: 3e8,
          scale: 'log',
          unit: 's',
          words: formatDuration,
        })}
        {field({
          field: 'gMinUs',
          label: words.gMin,
          min: 0,
          max: Math.max(0, spec.gMaxUs - 1),
          step: 0.5,
          unit: 'µS',
          term: terms.conductance,
        })}
        {field({ field: 'gMaxUs', label: words.gMax, min: spec.gMinUs + 1, max: 500, step: 0.5, unit: 'µS' })}
        {field({ field: 'readVolts', label: words.volts, min: 0.05, max: 1, step: 0.05, unit: 'V' })}
      </Section>
    </>
  );
}

/** Weights, inputs and the size. */
function What({
  spec,
  report,
  layers,
  model,
  disabled,
  onChange,
  field,
}: ControlsProps & { field(props: FieldProps): React.ReactNode }) {
  const { weights } = spec;
  const kind = weights.kind === 'random' ? weights.spread : weights.kind;
  const choose = (next: typeof kind) => {
    const first = layers?.[0]?.name ?? '';
    const choice: Record<typeof kind, () => CrossbarSpec['weights']> = {
      uniform: () => ({ kind: 'random', spread: 'uniform' }),
      normal: () => ({ kind: 'random', spread: 'normal' }),
      values: () => ({ kind: 'values', values: report?.weights ?? [] }),
      layer: () => ({ kind: 'layer', model, layer: first, row: 0, column: 0 }),
    };
    onChange(texts.edits.weights, { ...spec, weights: choice[next]() });
  };
  const inputs = spec.inputs.kind;
  return (
    <Section title={texts.sections.what} lesson="crossbar-weights">
      {field({ field: 'rows', label: words.rows, min: 4, max: 32 })}
      {field({ field: 'columns', label: words.columns, min: 4, max: 32 })}
      <Row label={words.weights}>
        <Select
          value={kind}
          disabled={disabled}
          onChange={choose}
          options={[
            { value: 'uniform', label: texts.weightKinds.uniform },
            { value: 'normal', label: texts.weightKinds.normal },
            {
              value: 'layer',
              label: texts.weightKinds.layer(modelName(weights.kind === 'layer' ? weights.model : model)),
              disabled: kind !== 'layer' && !layers?.length,
            },
            { value: 'values', label: texts.weightKinds.values },
          ]}
        />
      </Row>
      {weights.kind === 'layer' && (
        <LayerPiece
          spec={spec}
          weights={weights}
          layers={layers}
          model={model}
          disabled={disabled}
          onChange={onChange}
        />
      )}
      {weights.kind === 'layer' && report?.origin.layer && (
        <p className="hint">
          {pieceSentence(report)} {report.origin.what} {report.origin.layer.drawn && <Term term={terms.kaiming} mark />}
        </p>
      )}
      <Row label={words.inputs}>
        <Select
          value={inputs}
          disabled={disabled}
          onChange={(next) =>
            onChange(texts.edits.inputs, {
              ...spec,
              inputs: next === 'random' ? { kind: 'random' } : { kind: 'values', values: givenOf(spec, report) },
            })
          }
          options={[
            { value: 'random', label: texts.inputKinds.random },
            { value: 'values', label: texts.inputKinds.values },
          ]}
        />
      </Row>
    </Section>
  );
}

interface PieceProps extends Omit<ControlsProps, 'report'> {
  weights: Extract<CrossbarSpec['weights'], { kind: 'layer' }>;
}

function LayerPiece({ spec, weights, layers, model, disabled, onChange }: PieceProps) {
  const here = layers?.find(({ name }) => name === weights.layer);
  const put = (label: string, change: Partial<typeof weights>) =>
    onChange(label, { ...spec, weights: { ...weights, ...change } });
  return (
    <>
      <div className="xbar-wide">
        <Select
          mono
          label={words.layer}
          value={weights.layer}
          disabled={disabled}
          onChange={(layer) => put(texts.edits.piece, { layer, row: 0, column: 0 })}
          options={[
            ...(here ? [] : [{ value: weights.layer, label: weights.layer }]),
            ...(layers ?? []).map(({ name }) => ({ value: name, label: name })),
          ]}
        />
      </div>
      {here && here.rows > spec.rows && (
        <Row label={words.row}>
          <Slider
            value={weights.row}
            min={0}
            max={here.rows - spec.rows}
            step={1}
            disabled={disabled}
            onChange={(row) => put(texts.edits.piece, { row })}
          />
        </Row>
      )}
      {here && here.columns > spec.columns && (
        <Row label={words.column}>
          <Slider
            value={weights.column}
            min={0}
            max={here.columns - spec.columns}
            step={1}
            disabled={disabled}
            onChange={(column) => put(texts.edits.piece, { column })}
          />
        </Row>
      )}
      <div className="xbar-buttons">
        <Button
          size="small"
          icon={Shuffle}
          label={words.piece}
          disabled={disabled || !layers?.length}
          onClick={() => put(texts.edits.piece, randomPiece(layers ?? [], spec))}
        />
        {!samePlace(weights.model, model) && (
          <Button
            size="small"
            label={words.use(modelName(model))}
            disabled={disabled}
            onClick={() => put(texts.edits.weights, { model, layer: '', row: 0, column: 0 })}
          />
        )}
      </div>
    </>
  );
}

/** A layer and an offset by chance; what was chosen stands in the design from then on. */
function randomPiece(layers: readonly CrossbarLayer[], spec: CrossbarSpec) {
  const below = (count: number) => Math.floor(Math.random() * Math.max(1, count));
  const { name, rows, columns } = layers[below(layers.length)]!;
  return { layer: name, row: below(rows - spec.rows + 1), column: below(columns - spec.columns + 1) };
}

function pieceSentence(report: CrossbarReport): string {
  const { name, row, column, rows, columns } = report.origin.layer!;
  const end = (from: number, most: number, size: number) => Math.min(from + size, most) - 1;
  return `${texts.piece(name, `${row} to ${end(row, rows, report.rows)}`, `${column} to ${end(column, columns, report.columns)}`, rows, columns)}.`;
}
