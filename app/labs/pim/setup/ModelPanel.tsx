import { FolderOpen, LayoutGrid } from 'lucide-react';
import type { Network } from '../../../../engines/onnx/network.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';
import { modelName, symbolsOf, withSymbol } from '../../../models/model-ref.ts';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { edit } from '../actions.ts';
import { usePim } from '../state.ts';
import { texts } from '../texts.ts';
import { Whole } from './MethodPanel.tsx';
import { chooseFile } from './open-file.ts';

const words = texts.model;

/** The network: of the zoo or from a file, and sizes for what it leaves open. */
export function ModelPanel({ slice, editable }: { slice: PimSlice; editable: boolean }) {
  const network = usePim((state) => state.network);
  const reading = usePim((state) => state.reading);
  const problems = usePim((state) => state.networkProblems);
  const opening = usePim((state) => state.opening);
  const { model } = slice;
  return (
    <Section title={words.title} lesson="model">
      <button
        type="button"
        className="pim-model"
        disabled={!editable}
        aria-haspopup="dialog"
        onClick={() => usePim.setState({ galleryOpen: true })}
      >
        <span className="pim-model-name">{opening?.file.name ?? modelName(model)}</span>
        <LayoutGrid size={15} strokeWidth={1.75} aria-hidden />
        <span className="visually-hidden">{words.choose}</span>
      </button>
      <p className="hint" aria-busy={reading || opening !== undefined || undefined}>
        {textOf()}
      </p>
      {opening && <p className="hint">{words.keeping}</p>}
      {!opening && problems[0]?.remedy && <p className="hint">{problems[0].remedy}</p>}
      {!opening && <Symbols slice={slice} network={network} editable={editable} />}
      <div className="pim-buttons">
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

  function textOf(): string | undefined {
    if (opening) return opening.network ? describe(opening.network) : words.reading;
    if (problems.length > 0) return problems[0]?.what;
    return network && !reading ? describe(network) : words.reading;
  }
}

/** "11.7 M parameters, 1.82 GMAC, 3 × 224 × 224". */
function describe({ layers, unsupported }: Network): string {
  const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  const input = layers.find(({ kind }) => kind.op === 'input')?.outputShape.slice(1);
  const left = unsupported.reduce((sum, { count }) => sum + count, 0);
  return words.size(
    short(parameters),
    formatNumber(macs, 'MAC'),
    input && input.length > 0 ? input.join(' × ') : undefined,
    left,
  );
}

/** A count in three digits: parameters are not counted one by one. */
function short(count: number): string {
  return formatNumber(count, 'B').replace(/B$/, '').trim();
}

/** Sizes of symbolic dimensions: those that the network was given, and those that the document names. */
function Symbols({ slice, network, editable }: { slice: PimSlice; network: Network | undefined; editable: boolean }) {
  const given = symbolsOf(slice.model);
  const missing = usePim((state) => state.networkProblems).flatMap(({ where }) => symbolAt(where?.path) ?? []);
  const names = [...new Set([...Object.keys(network?.symbols ?? {}), ...Object.keys(given), ...missing])];
  if (names.length === 0) return null;
  return (
    <div className="params">
      {names.map((name) => (
        <Row key={name} label={words.symbol(name)} note={missing.includes(name) ? words.missing : undefined}>
          <Whole
            value={given[name] ?? network?.symbols[name] ?? 1}
            least={1}
            most={1_000_000}
            disabled={!editable}
            onChange={(next) =>
              edit(texts.edits.symbol(name), (was) => ({ ...was, model: withSymbol(was.model, name, next) }))
            }
          />
        </Row>
      ))}
    </div>
  );
}

/** The dimension that a problem asks for: its path ends in `symbols.sequence`. */
function symbolAt(path: string | undefined): string | undefined {
  return /symbols\.(.+)$/.exec(path ?? '')?.[1];
}
