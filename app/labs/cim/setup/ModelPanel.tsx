import { FolderOpen, LayoutGrid } from 'lucide-react';
import type { CimSlice } from '../../../../engines/cim/types.ts';
import { modelName, symbolsOf, withSymbol } from '../../../models/model-ref.ts';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { NumberInput } from '../../../ui/NumberInput.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { Select } from '../../../ui/Select.tsx';
import { edit, set } from '../actions.ts';
import { useCim } from '../state.ts';
import { terms, texts } from '../texts.ts';
import { chooseFile } from './open-file.ts';

const words = texts.model;

export interface PartProps {
  slice: CimSlice;
  editable: boolean;
}

/** The network: of the zoo or from a file, and how much of it runs at once. */
export function ModelPanel({ slice, editable }: PartProps) {
  const { model } = slice;
  const report = useCim((state) => state.result?.report);
  const stale = useCim((state) => state.stale);
  const transformer = report ? report.model.family !== 'convolutional' : true;
  return (
    <Section title={words.title} lesson="model">
      <button
        type="button"
        className="cim-model"
        disabled={!editable}
        aria-haspopup="dialog"
        onClick={() => useCim.setState({ galleryOpen: true })}
      >
        <span className="cim-model-name">{modelName(model)}</span>
        <LayoutGrid size={15} strokeWidth={1.75} aria-hidden />
        <span className="visually-hidden">{words.choose}</span>
      </button>
      <p className="hint">
        {report && !stale
          ? words.size(
              formatNumber(report.figures.operators),
              formatNumber(report.model.weightBytes, 'B'),
              formatNumber(report.figures.macs, 'MAC'),
            )
          : words.reading}
      </p>
      <div className="params">
        <Row label={words.batch} term={terms.batch} lesson="batch">
          <NumberInput
            value={slice.batch}
            min={1}
            max={4096}
            disabled={!editable}
            onChange={(next) => set(texts.edits.parameter(words.batch), 'batch', next)}
          />
        </Row>
        {transformer && (
          <>
            <Row label={words.phase} term={terms.phase} lesson="phase">
              <Segmented
                value={slice.phase}
                onChange={(next) => editable && set(texts.edits.parameter(words.phase), 'phase', next)}
                options={[
                  { value: 'prefill', label: words.phases.prefill, disabled: !editable },
                  { value: 'decode', label: words.phases.decode, disabled: !editable },
                ]}
              />
            </Row>
            <Row label={words.sequence} term={terms.sequence} lesson="sequence">
              <NumberInput
                value={slice.sequence}
                min={1}
                max={1_000_000}
                disabled={!editable}
                onChange={(next) => set(texts.edits.parameter(words.sequence), 'sequence', next)}
              />
            </Row>
            <Row label={words.blocks} term={terms.blocks}>
              <Select<CimSlice['blocks']>
                disabled={!editable}
                value={slice.blocks}
                onChange={(next) => set(texts.edits.parameter(words.blocks), 'blocks', next)}
                options={(Object.keys(words.blockKinds) as CimSlice['blocks'][]).map((value) => ({
                  value,
                  label: words.blockKinds[value],
                }))}
              />
            </Row>
          </>
        )}
        <Symbols slice={slice} editable={editable} />
      </div>
      <div className="cim-buttons">
        <Button
          size="small"
          icon={FolderOpen}
          label={words.open}
          title={words.openAbout}
          disabled={!editable}
          onClick={() => void chooseFile()}
        />
      </div>
    </Section>
  );
}

/** Sizes of symbolic dimensions of a file: those that the document names, and those that a problem asks for. */
function Symbols({ slice, editable }: PartProps) {
  const problems = useCim((state) => state.problems);
  if (typeof slice.model !== 'object' || !('onnx' in slice.model)) return null;
  const given = symbolsOf(slice.model);
  const missing = problems.flatMap(({ where }) => /symbols\.(.+)$/.exec(where?.path ?? '')?.[1] ?? []);
  const names = [...new Set([...Object.keys(given), ...missing])];
  return names.map((name) => (
    <Row key={name} label={words.symbol(name)} note={missing.includes(name) ? words.missing : undefined}>
      <NumberInput
        value={given[name] ?? 1}
        min={1}
        max={1_000_000}
        disabled={!editable}
        onChange={(next) =>
          edit(texts.edits.parameter(name), (was) => ({ ...was, model: withSymbol(was.model, name, next) }))
        }
      />
    </Row>
  ));
}
