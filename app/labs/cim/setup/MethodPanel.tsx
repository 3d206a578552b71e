import { Scissors } from 'lucide-react';
import type { CimSlice, Improvements, SolverName } from '../../../../engines/cim/types.ts';
import { Button } from '../../../ui/Button.tsx';
import { NumberInput } from '../../../ui/NumberInput.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { edit, set, setCuts } from '../actions.ts';
import { terms, texts } from '../texts.ts';
import type { PartProps } from './ModelPanel.tsx';

const words = texts.method;
const labels = texts.edits;

/** How the network is cut into segments, and how arrays are dealt out within one. */
export function MethodPanel({ slice, editable }: PartProps) {
  const { cuts, segmentation, improvements, solver } = slice;
  const improve = (name: keyof Improvements, on: boolean) =>
    edit(labels.parameter(words.improvements[name]), (was) => ({
      ...was,
      improvements: { ...was.improvements, [name]: on },
    }));
  return (
    <Section title={words.title} lesson="method">
      {cuts && (
        <div className="cim-changes">
          <span>{words.byHand(cuts.length)}</span>
          <Button
            size="small"
            variant="ghost"
            icon={Scissors}
            label={words.letCompiler}
            disabled={!editable}
            onClick={() => setCuts(null)}
          />
        </div>
      )}
      <Row label={words.segmentation} term={terms.segmentation} lesson="segmentation">
        <Select<CimSlice['segmentation']>
          disabled={!editable}
          value={segmentation}
          onChange={(next) => set(labels.parameter(words.segmentation), 'segmentation', next)}
          options={(Object.keys(words.segmentations) as CimSlice['segmentation'][]).map((value) => ({
            value,
            label: words.segmentations[value],
          }))}
        />
      </Row>
      {segmentation === 'improved' && (
        <div className="params">
          {(Object.keys(words.improvements) as (keyof Improvements)[]).map((name) => (
            <Row key={name} label={words.improvements[name]} term={terms[name]}>
              <Switch disabled={!editable} checked={improvements[name]} onChange={(on) => improve(name, on)} />
            </Row>
          ))}
        </div>
      )}
      <Row label={words.solver} term={terms.solver} lesson="solver">
        <Select<SolverName>
          disabled={!editable}
          value={solver}
          onChange={(next) => set(labels.parameter(words.solver), 'solver', next)}
          options={(Object.keys(words.solvers) as SolverName[]).map((value) => ({
            value,
            label: words.solvers[value],
          }))}
        />
      </Row>
      {solver !== 'exact' && (
        <Row label={words.mipSeconds} note={words.mipNote}>
          <NumberInput
            value={slice.mipSeconds}
            min={0.1}
            max={3600}
            step={0.1}
            unit="s"
            disabled={!editable}
            onChange={(next) => set(labels.parameter(words.mipSeconds), 'mipSeconds', next)}
          />
        </Row>
      )}
      <Row label={words.baselines} term={terms.baselines} lesson="baselines">
        <Switch
          disabled={!editable}
          checked={slice.baselines}
          onChange={(on) => set<'baselines'>(labels.parameter(words.baselines), 'baselines', on)}
        />
      </Row>
    </Section>
  );
}
