import { Check, RotateCcw, Search } from 'lucide-react';
import { completeSearch } from '../../../../engines/bfp/settings.ts';
import type { BfpSlice, SearchSettings } from '../../../../engines/bfp/types.ts';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { NumberInput } from '../../../ui/NumberInput.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { loadPlan } from '../actions.ts';
import { searchNow } from '../run/controls.ts';
import { useSearchSettings } from '../run/search-settings.ts';
import { useBfp } from '../state.ts';
import { terms, texts } from '../texts.ts';
import { isDigits } from './models.ts';

const words = texts.searching;
const MANTISSAS = [2, 3, 4, 5, 6, 7, 8, 9, 10];
const BLOCKS = [4, 8, 16, 32, 64, 128];

/** What a search looks for, among what, and how long; and the button that starts it. */
export function SearchPanel({ slice, editable }: { slice: BfpSlice; editable: boolean }) {
  const [given, change] = useSearchSettings();
  const running = useBfp((state) => state.phase === 'running');
  const found = useBfp((state) => (state.stale ? undefined : state.result?.report));
  const settings = completeSearch(given);
  const put = <K extends keyof SearchSettings>(name: string, key: K, value: SearchSettings[K]) =>
    change(texts.edits.searchSetting(name), { [key]: value });
  const { objective } = settings;
  const count = (label: string, key: 'measured' | 'population' | 'generations', min: number, max: number) => (
    <Row label={label}>
      <NumberInput
        value={settings[key]}
        min={min}
        max={max}
        disabled={!editable}
        onChange={(next) => put(label, key, next)}
      />
    </Row>
  );
  return (
    <Section title={words.title} foldable folded={slice.search === null} lesson="search-setup">
      <Row label={words.objective} term={terms.objective} lesson="objective">
        <Select<SearchSettings['objective']>
          disabled={!editable}
          value={objective}
          onChange={(next) =>
            change(texts.edits.searchSetting(words.objective), {
              objective: next,
              limit: completeSearch({ objective: next }).limit,
            })
          }
          options={optionsOf(words.objectives)}
        />
      </Row>
      {objective === 'published' ? (
        <Row label={words.lambda}>
          <NumberInput
            value={settings.lambda}
            min={0}
            max={1000}
            step={0.05}
            disabled={!editable}
            onChange={(next) => put(words.lambda, 'lambda', next)}
          />
        </Row>
      ) : (
        <Row label={words.limits[objective]}>
          <NumberInput
            value={settings.limit}
            min={0}
            step={objective === 'energy' ? 1000 : 0.1}
            unit={words.limitUnits[objective]}
            disabled={!editable}
            onChange={(next) => put(words.limits[objective], 'limit', next)}
          />
        </Row>
      )}
      <Row label={words.method} lesson="method">
        <Select<SearchSettings['method']>
          disabled={!editable}
          value={settings.method}
          onChange={(next) => put(words.method, 'method', next)}
          options={optionsOf(words.methods)}
        />
      </Row>
      <Row label={words.sensitivity} term={terms.sensitivity}>
        <Select<SearchSettings['sensitivity']>
          disabled={!editable}
          value={settings.sensitivity}
          onChange={(next) => put(words.sensitivity, 'sensitivity', next)}
          options={optionsOf(words.sensitivities).map((option) => ({
            ...option,
            disabled: option.value === 'fisher' && !isDigits(slice.model),
          }))}
        />
      </Row>
      <Choices
        label={words.mantissas}
        all={MANTISSAS}
        chosen={settings.mantissaBits}
        disabled={!editable}
        onChange={(next) => put(words.mantissas, 'mantissaBits', next)}
      />
      <Choices
        label={words.blocks}
        all={BLOCKS}
        chosen={settings.blocks}
        disabled={!editable}
        onChange={(next) => put(words.blocks, 'blocks', next)}
      />
      {count(words.measured, 'measured', 1, 1000)}
      {settings.method === 'genetic' && count(words.population, 'population', 4, 2000)}
      {settings.method === 'genetic' && count(words.generations, 'generations', 0, 10_000)}
      {settings.stopAfter > 0 && (
        <Row label={words.stopAfter} note={words.stopNote}>
          <span className="num">{words.evaluations(settings.stopAfter)}</span>
          {editable && (
            <IconButton
              size="small"
              icon={RotateCcw}
              label={words.reset(words.stopAfter)}
              onClick={() => put(words.stopAfter, 'stopAfter', 0)}
            />
          )}
        </Row>
      )}
      <p className="hint">{words.about}</p>
      <div className="bfp-buttons">
        <Button
          size="small"
          variant="primary"
          icon={Search}
          label={words.start}
          disabled={!editable || running}
          onClick={searchNow}
        />
        {slice.search !== null && found && (
          <Button
            size="small"
            icon={Check}
            label={words.use}
            title={words.found}
            disabled={!editable}
            onClick={() => loadPlan(found.plan, texts.edits.loadBest)}
          />
        )}
      </div>
    </Section>
  );
}

function optionsOf<V extends string>(labels: Record<V, string>): { value: V; label: string }[] {
  return (Object.keys(labels) as V[]).map((value) => ({ value, label: labels[value] }));
}

interface ChoicesProps {
  label: string;
  all: readonly number[];
  chosen: readonly number[];
  disabled: boolean;
  onChange(next: number[]): void;
}

/** Some of a list of numbers: at least one. */
function Choices({ label, all, chosen, disabled, onChange }: ChoicesProps) {
  const shown = [...new Set([...all, ...chosen])].sort((a, b) => a - b);
  return (
    <fieldset className="bfp-choices">
      <legend>{label}</legend>
      {shown.map((each) => {
        const on = chosen.includes(each);
        return (
          <button
            key={each}
            type="button"
            className={classes('bfp-choice', on && 'bfp-choice-on')}
            aria-pressed={on}
            disabled={disabled || (on && chosen.length === 1)}
            onClick={() => onChange(shown.filter((one) => (one === each ? !on : chosen.includes(one))))}
          >
            {each}
          </button>
        );
      })}
    </fieldset>
  );
}
