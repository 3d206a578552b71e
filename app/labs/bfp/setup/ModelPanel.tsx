import { FolderOpen, IdCard, LibraryBig } from 'lucide-react';
import { useState } from 'react';
import { slice as definition } from '../../../../engines/bfp/slice.ts';
import type { BfpSlice } from '../../../../engines/bfp/types.ts';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { NumberInput } from '../../../ui/NumberInput.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { edit } from '../actions.ts';
import { useBfp } from '../state.ts';
import { texts } from '../texts.ts';
import { ModelCard } from './ModelCard.tsx';
import { isDigits, modelName, SHIPPED, type ShippedModel } from './models.ts';
import { chooseModel } from './open-file.ts';

const words = texts.model;
const OWN = 'own';

/** The network: one that comes with data, or the user's own. */
export function ModelPanel({ slice, editable }: { slice: BfpSlice; editable: boolean }) {
  const { model } = slice;
  const [card, setCard] = useState(false);
  const listing = useBfp((state) => state.listing);
  const problem = useBfp((state) => state.listingProblems.find(({ severity }) => severity === 'error'));
  const opening = useBfp((state) => state.opening);
  const reading = useBfp((state) => state.reading && !state.listing);
  const own = typeof model === 'object';
  return (
    <Section
      title={words.title}
      lesson="model"
      aside={
        isDigits(model) && <IconButton size="small" icon={IdCard} label={words.card} onClick={() => setCard(true)} />
      }
    >
      <div className="wide-control">
        <Select<ShippedModel | typeof OWN>
          label={words.choose}
          disabled={!editable}
          value={own ? OWN : model}
          onChange={(next) => {
            if (next === OWN) return;
            edit(texts.edits.model(words.names[next]), (was) => ({
              ...was,
              model: next,
              plan: {},
              search: null,
              fineTune: null,
              // Lines of text take long: a few of those that may be looked at as often as wanted.
              ...(next === 'ocr' && { set: 'search' as const, samples: 40 }),
              ...(was.model === 'ocr' && { set: definition.defaults.set, samples: definition.defaults.samples }),
            }));
          }}
          options={[
            ...SHIPPED.map((id) => ({ value: id, label: words.names[id] })),
            ...(own ? [{ value: OWN, label: modelName(model) } as const] : []),
          ]}
        />
      </div>
      <p className="hint" aria-busy={reading || opening !== undefined || undefined}>
        {aboutOf()}
      </p>
      {opening !== undefined && <p className="hint">{words.keeping}</p>}
      {problem?.remedy && <p className="hint">{problem.remedy}</p>}
      {model === 'ocr' && <p className="hint">{words.ocrAbout(words.ocrSize)}</p>}
      {own && <Symbols slice={slice} editable={editable} />}
      <div className="bfp-buttons">
        <Button
          size="small"
          icon={FolderOpen}
          label={words.open}
          title={words.openAbout}
          disabled={!editable || opening !== undefined}
          onClick={() => void chooseModel()}
        />
        <Button
          size="small"
          icon={LibraryBig}
          label={words.examples}
          onClick={() => useBfp.setState({ galleryOpen: true })}
        />
      </div>
      {typeof model === 'string' && isDigits(model) && (
        <ModelCard model={model} open={card} onClose={() => setCard(false)} />
      )}
    </Section>
  );

  function aboutOf(): string {
    if (opening !== undefined) return opening;
    if (problem) return problem.what;
    if (!listing) return words.reading;
    const { parameters, macs } = listing.model;
    return words.size(short(parameters), formatNumber(macs, 'MAC'), listing.layers.length);
  }
}

/** A count in three digits: parameters are not counted one by one. */
function short(count: number): string {
  return formatNumber(count, 'B').replace(/B$/, '').trim();
}

/** Sizes of dimensions that a network of one's own leaves open: those that problems ask for, and those given. */
function Symbols({ slice, editable }: { slice: BfpSlice; editable: boolean }) {
  const given = (typeof slice.model === 'object' && slice.model.symbols) || {};
  const missing = useBfp((state) => state.listingProblems).flatMap(
    ({ where }) => /symbols\.(.+)$/.exec(where?.path ?? '')?.[1] ?? [],
  );
  const names = [...new Set([...Object.keys(given), ...missing])];
  if (names.length === 0) return null;
  return (
    <div className="params">
      {names.map((name) => (
        <Row key={name} label={words.symbol(name)} note={missing.includes(name) ? words.missing : undefined}>
          <NumberInput
            value={given[name] ?? 1}
            min={1}
            max={1_000_000}
            disabled={!editable}
            onChange={(size) =>
              edit(texts.edits.symbol(name), (was) =>
                typeof was.model === 'string'
                  ? was
                  : { ...was, model: { ...was.model, symbols: { ...was.model.symbols, [name]: size } } },
              )
            }
          />
        </Row>
      ))}
    </div>
  );
}
