import { Plus, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { isFlowLink } from '../../../../engines/document/flow.ts';
import type { BitPlan } from '../../../../engines/onnx/bit-plan.ts';
import type { ModelRef } from '../../../../engines/onnx/types.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';
import { useDesign } from '../../../design/index.ts';
import { modelName, zooId } from '../../../models/model-ref.ts';
import { Button } from '../../../ui/Button.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { edit } from '../actions.ts';
import { usePim } from '../state.ts';
import { texts } from '../texts.ts';
import { Whole } from './MethodPanel.tsx';

const words = texts.bits;

/** Precision layer by layer, where it departs from the chip's own: set here, or taken from another lab of the design. */
export function BitsPanel({ slice, editable }: { slice: PimSlice; editable: boolean }) {
  const [adding, setAdding] = useState(false);
  const layers = usePim((state) => state.network?.layers);
  const report = usePim((state) => state.result?.report);
  const sources = useSources();
  const plan = ownPlan(slice.bits);
  if (!plan) return <Taken slice={slice} editable={editable} sources={sources} />;
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
      {sources.length > 0 && <Source value="" sources={sources} editable={editable} />}
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

/** Slices of this design that the lab knows to make bits. */
function useSources(): string[] {
  const slices = useDesign((state) => state.design?.document.slices);
  return useMemo(() => Object.keys(slices ?? {}).filter((id) => id in words.sources), [slices]);
}

function Source({ value, sources, editable }: { value: string; sources: readonly string[]; editable: boolean }) {
  const all = value === '' || sources.includes(value) ? sources : [value, ...sources];
  return (
    <Row label={words.source}>
      <Select
        value={value}
        disabled={!editable}
        onChange={(from) =>
          edit(texts.edits.bitsFrom, (was) => ({ ...was, bits: from === '' ? { layers: {} } : { from } }))
        }
        options={[{ value: '', label: words.own }, ...all.map((id) => ({ value: id, label: words.sources[id] ?? id }))]}
      />
    </Row>
  );
}

/** Bits that another lab of this design chooses: whose they are, how far it has got, and of which network. */
function Taken({ slice, editable, sources }: { slice: PimSlice; editable: boolean; sources: readonly string[] }) {
  const upstream = usePim((state) => state.upstream);
  const from = isFlowLink(slice.bits) ? slice.bits.from : '';
  const theirs = useDesign((state) => (state.design?.document.slices[from] as { model?: ModelRef } | undefined)?.model);
  const found = upstream.artefact?.data;
  const other = theirs !== undefined && !sameNetwork(theirs, slice.model);
  return (
    <Section title={words.title} foldable lesson="bits" aside={found && Object.keys(found.layers).length}>
      <Source value={from} sources={sources} editable={editable} />
      {upstream.state === 'running' && (
        <p className="hint" role="status">
          {upstream.progress ? words.running(upstream.progress.what) : words.waiting}
        </p>
      )}
      {upstream.state === 'failed' && <ProblemList problems={upstream.problems.slice(0, 2)} />}
      {found && <p className="hint">{words.from(Object.keys(found.layers).length)}</p>}
      {other && (
        <>
          <p className="pim-warning">{words.otherModel(modelName(theirs))}</p>
          <div className="pim-buttons">
            <Button
              size="small"
              label={words.takeModel}
              disabled={!editable}
              onClick={() =>
                edit(texts.edits.model(modelName(theirs)), (was) => ({ ...was, model: theirs, replicas: {} }))
              }
            />
          </div>
        </>
      )}
      {found && editable && (
        <div className="pim-buttons">
          <Button
            size="small"
            variant="ghost"
            label={words.keep}
            onClick={() => edit(texts.edits.bitsFrom, (was) => ({ ...was, bits: { layers: found.layers } }))}
          />
        </div>
      )}
    </Section>
  );
}

/** Whether two labs name the same network: by name, or by the content of a file. */
function sameNetwork(a: ModelRef, b: ModelRef): boolean {
  const key = (model: ModelRef) => (typeof model === 'object' && 'onnx' in model ? model.onnx.sha256 : zooId(model));
  return key(a) !== undefined && key(a) === key(b);
}

/** The plan that the document itself holds; undefined where it comes from another lab. */
function ownPlan(bits: PimSlice['bits']): BitPlan | undefined {
  if ('layers' in bits) return bits;
  return 'data' in bits ? bits.data : undefined;
}
