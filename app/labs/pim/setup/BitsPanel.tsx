import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { BitPlan } from '../../../../engines/onnx/bit-plan.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { edit } from '../actions.ts';
import { usePim } from '../state.ts';
import { texts } from '../texts.ts';
import { Whole } from './MethodPanel.tsx';

const words = texts.bits;

/** Precision layer by layer, where it departs from the chip's own. */
export function BitsPanel({ slice, editable }: { slice: PimSlice; editable: boolean }) {
  const [adding, setAdding] = useState(false);
  const layers = usePim((state) => state.network?.layers);
  const report = usePim((state) => state.result?.report);
  const plan = ownPlan(slice.bits);
  if (!plan) {
    return (
      <Section title={words.title} foldable folded lesson="bits">
        <p className="hint">{words.from('from' in slice.bits ? slice.bits.from : '')}</p>
      </Section>
    );
  }
  const named = Object.keys(plan.layers);
  const free = (layers ?? []).filter(
    ({ name, kind }) => (kind.op === 'conv' || kind.op === 'fc') && !named.includes(name),
  );
  const put = (name: string, value: BitPlan['layers'][string] | undefined) =>
    edit(texts.edits.bits(name), (was) => {
      const { [name]: _, ...others } = ownPlan(was.bits)?.layers ?? {};
      return { ...was, bits: { layers: value ? { ...others, [name]: value } : others } };
    });
  return (
    <Section
      title={words.title}
      foldable
      folded={named.length === 0}
      lesson="bits"
      aside={
        <>
          {named.length || undefined}
          {editable && free.length > 0 && (
            <IconButton size="small" icon={Plus} label={words.add} onClick={() => setAdding(true)} />
          )}
        </>
      }
    >
      <p className="hint">{words.about(report?.hardware.weightBits, report?.hardware.activationBits)}</p>
      {adding && (
        <Row label={words.layer}>
          <Select
            value=""
            onChange={(name) => {
              setAdding(false);
              const { weightBits = 8, activationBits = 8 } = report?.hardware ?? {};
              if (name !== '') put(name, { weights: weightBits, activations: activationBits });
            }}
            options={[{ value: '', label: words.choose }, ...free.map(({ name }) => ({ value: name, label: name }))]}
          />
        </Row>
      )}
      {named.length > 0 && (
        <div className="pim-bits pim-bits-head" aria-hidden>
          <span />
          <span>{words.weights}</span>
          <span>{words.activations}</span>
          <span />
        </div>
      )}
      {named.map((name) => {
        const bits = plan.layers[name] ?? { weights: 8, activations: 8 };
        return (
          <div key={name} className="pim-bits">
            <span className="pim-bits-name mono" title={name}>
              {name}
            </span>
            {(['weights', 'activations'] as const).map((what) => (
              <Whole
                key={what}
                label={words.of(what, name)}
                value={bits[what]}
                least={1}
                most={32}
                disabled={!editable}
                onChange={(next) => put(name, { ...bits, [what]: next })}
              />
            ))}
            {editable && (
              <IconButton size="small" icon={X} label={words.remove(name)} onClick={() => put(name, undefined)} />
            )}
          </div>
        );
      })}
    </Section>
  );
}

/** The plan that the document itself holds; undefined where it comes from another lab. */
function ownPlan(bits: PimSlice['bits']): BitPlan | undefined {
  if ('layers' in bits) return bits;
  return 'data' in bits ? bits.data : undefined;
}
