import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { slice as definition } from '../../../../engines/pim/slice.ts';
import type { Baseline, PimSlice } from '../../../../engines/pim/types.ts';
import { editDocument, useDesign } from '../../../design/index.ts';
import { Badge } from '../../../ui/Badge.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { TextInput } from '../../../ui/TextInput.tsx';
import { edit, set } from '../actions.ts';
import { searches } from '../run/spec.ts';
import { usePim } from '../state.ts';
import { terms, texts } from '../texts.ts';

const words = texts.method;
const labels = texts.edits;

interface PartProps {
  slice: PimSlice;
  editable: boolean;
}

/** What the compiler is to aim at and how: mode, replication, mapping, evaluator and all finer choices. */
export function MethodPanel({ slice, editable }: PartProps) {
  return (
    <>
      <Section title={words.title} lesson="method" aside={<ClockBadge evaluator={slice.evaluator} />}>
        <Row label={words.mode} term={terms.mode} lesson="mode">
          <Segmented
            value={slice.mode}
            onChange={(mode) => editable && set(labels.mode, 'mode', mode)}
            options={[
              { value: 'throughput', label: words.modes.throughput, disabled: !editable },
              { value: 'latency', label: words.modes.latency, disabled: !editable },
            ]}
          />
        </Row>
        <Choice slice={slice} editable={editable} name="replication" values={words.replications} lesson="replication" />
        <Choice slice={slice} editable={editable} name="mapping" values={words.mappings} lesson="mapping" />
        <Choice slice={slice} editable={editable} name="evaluator" values={words.evaluators} lesson="evaluator" />
        {searches(slice) && <Seed editable={editable} />}
      </Section>
      {slice.replication === 'manual' && <Replicas slice={slice} editable={editable} />}
      {searches(slice) && <Genetic slice={slice} editable={editable} />}
      <Section title={words.finer} foldable folded lesson="finer">
        <Choice slice={slice} editable={editable} name="memory" values={words.memories} />
        <Choice slice={slice} editable={editable} name="unrolling" values={words.unrollings} />
        <Row label={words.transferRounds} term={terms.transferRounds} note={words.transferNote}>
          <Whole
            value={slice.transferRounds}
            least={0}
            most={1000}
            disabled={!editable}
            onChange={(next) => set(labels.parameter(words.transferRounds), 'transferRounds', next)}
          />
        </Row>
        <Row
          label={words.layerGroups}
          term={terms.layerGroups}
          note={slice.mode === 'latency' ? words.groupsNote : undefined}
        >
          <Switch
            disabled={!editable}
            checked={slice.layerGroups}
            onChange={(on) => set(labels.parameter(words.layerGroups), 'layerGroups', on)}
          />
        </Row>
      </Section>
      <Baselines slice={slice} editable={editable} />
    </>
  );
}

/** Which clock the figures are of: always in sight, since figures of two clocks must not be compared. */
export function ClockBadge({ evaluator }: { evaluator: PimSlice['evaluator'] }) {
  return <Badge tone={evaluator === 'reference' ? 'warn' : 'plain'}>{texts.clocks[evaluator]}</Badge>;
}

type ChoiceName = 'replication' | 'mapping' | 'evaluator' | 'memory' | 'unrolling';

function Choice<K extends ChoiceName>(
  props: PartProps & { name: K; values: Record<PimSlice[K], string>; lesson?: string },
) {
  const { slice, editable, name, values, lesson } = props;
  return (
    <Row label={words[name]} term={terms[name]} lesson={lesson}>
      <Select<PimSlice[K]>
        disabled={!editable}
        value={slice[name]}
        onChange={(next) => set(labels.parameter(words[name]), name, next)}
        options={(Object.keys(values) as PimSlice[K][]).map((value) => ({ value, label: values[value] }))}
      />
    </Row>
  );
}

interface WholeProps {
  value: number;
  least: number;
  most: number;
  disabled: boolean;
  label?: string;
  onChange(next: number): void;
}

/** A whole number; one that is none is not taken over and says so. */
export function Whole({ value, least, most, disabled, label, onChange }: WholeProps) {
  const [refused, setRefused] = useState<string>();
  return (
    <TextInput
      label={label}
      disabled={disabled}
      value={refused ?? String(value)}
      invalid={refused === undefined ? undefined : texts.hardware.notWhole(least, most)}
      onChange={(text) => {
        const read = Number(text.trim().replace(/[\s_\u202f]/g, ''));
        const fits = text.trim() !== '' && Number.isInteger(read) && read >= least && read <= most;
        setRefused(fits ? undefined : text);
        if (fits && read !== value) onChange(read);
      }}
    />
  );
}

function Seed({ editable }: { editable: boolean }) {
  const seed = useDesign((state) => state.design?.document.seed ?? 1);
  return (
    <Row label={words.seed} term={terms.seed}>
      <Whole
        value={seed}
        least={0}
        most={2 ** 31}
        disabled={!editable}
        onChange={(next) => editDocument(labels.parameter(words.seed), (document) => ({ ...document, seed: next }))}
      />
    </Row>
  );
}

function Genetic({ slice, editable }: PartProps) {
  const { genetic } = slice;
  const put = (name: keyof PimSlice['genetic'], value: number) =>
    edit(labels.parameter(words.genetic[name]), (was) => ({ ...was, genetic: { ...was.genetic, [name]: value } }));
  const limits = { population: [4, 2000], generations: [0, 10_000], patience: [0, 10_000] } as const;
  return (
    <Section title={words.genetic.title} lesson="genetic">
      {(['population', 'generations', 'patience'] as const).map((name) => (
        <Row key={name} label={words.genetic[name]} term={terms[name]}>
          <Whole
            value={genetic[name]}
            least={limits[name][0]}
            most={limits[name][1]}
            disabled={!editable}
            onChange={(next) => put(name, next)}
          />
          {genetic[name] !== definition.defaults.genetic[name] && editable && (
            <IconButton
              size="small"
              icon={RotateCcw}
              label={texts.hardware.reset(words.genetic[name])}
              onClick={() => put(name, definition.defaults.genetic[name])}
            />
          )}
        </Row>
      ))}
      {genetic.stopAfter > 0 && (
        <Row label={words.genetic.stopAfter} note={words.genetic.stopNote}>
          <span className="num">{formatNumber(genetic.stopAfter)}</span>
          {editable && (
            <IconButton
              size="small"
              icon={RotateCcw}
              label={texts.hardware.reset(words.genetic.stopAfter)}
              onClick={() => put('stopAfter', 0)}
            />
          )}
        </Row>
      )}
      <p className="hint">{words.genetic.about}</p>
    </Section>
  );
}

/** Replicas by hand: one row for each layer with weights. */
function Replicas({ slice, editable }: PartProps) {
  const layers = usePim((state) => state.network?.layers);
  const weighted = layers?.filter(({ kind }) => kind.op === 'conv' || kind.op === 'fc') ?? [];
  const put = (name: string, value: number) =>
    edit(labels.replicas(name), (was) => {
      const { [name]: _, ...others } = was.replicas;
      return { ...was, replicas: value === 1 ? others : { ...others, [name]: value } };
    });
  return (
    <Section title={words.replicas} aside={weighted.length || undefined} foldable lesson="replicas">
      {weighted.length === 0 && <p className="hint">{words.noLayers}</p>}
      <div className="params pim-scroll">
        {weighted.map(({ name }) => (
          <Row key={name} label={name}>
            <Whole
              value={slice.replicas[name] ?? 1}
              least={1}
              most={1_000_000}
              disabled={!editable}
              onChange={(next) => put(name, next)}
            />
          </Row>
        ))}
      </div>
    </Section>
  );
}

function Baselines({ slice, editable }: PartProps) {
  const put = (id: Baseline, on: boolean) =>
    edit(labels.baselines, (was) => ({
      ...was,
      baselines: (Object.keys(words.baselines) as Baseline[]).filter((each) =>
        each === id ? on : was.baselines.includes(each),
      ),
    }));
  return (
    <Section
      title={words.baselinesTitle}
      aside={slice.baselines.length || undefined}
      foldable
      folded
      lesson="baselines"
    >
      {(Object.keys(words.baselines) as Baseline[]).map((id) => (
        <Row key={id} label={words.baselines[id]} term={terms[id]}>
          <Switch disabled={!editable} checked={slice.baselines.includes(id)} onChange={(on) => put(id, on)} />
        </Row>
      ))}
      <p className="hint">{words.baselinesAbout}</p>
    </Section>
  );
}
