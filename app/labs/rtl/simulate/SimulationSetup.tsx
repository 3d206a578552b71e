import type { RtlSlice, SimulationSettings } from '../../../../engines/rtl/types.ts';
import { isEditable, useDesign, useSlice } from '../../../design/index.ts';
import { Button } from '../../../ui/Button.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { TextInput } from '../../../ui/TextInput.tsx';
import { edit } from '../actions.ts';
import { useSim } from './state.ts';
import { texts } from './texts.ts';
import { isTime } from './time.ts';

const words = texts.setup;

/** How the bench is run. */
export function SimulationSetup() {
  const { simulation, files } = useSlice<RtlSlice>('rtl');
  const editable = useDesign(() => isEditable());
  const check = useSim((state) => state.check);
  const set = (label: string, change: Partial<SimulationSettings>) =>
    edit(label, (was) => ({ ...was, simulation: { ...was.simulation, ...change } }));
  const modules = [...new Set((check?.modules ?? []).map(({ name }) => name))].sort();
  const [chosen = ''] = simulation.tops;
  const verilog = files.filter(({ path }) => /\.s?v$/i.test(path));
  return (
    <Section title={words.title} lesson="simulation-setup" foldable>
      <Row label={words.tops}>
        <Select
          mono
          disabled={!editable}
          value={simulation.tops.join(' ')}
          onChange={(top) => set(texts.edits.tops, { tops: top === '' ? [] : top.split(' ') })}
          options={[
            { value: '', label: words.topsAuto(simulation.tops.length === 0 ? (check?.tops.join(', ') ?? '') : '') },
            ...modules.map((name) => ({ value: name, label: name })),
            ...(chosen !== '' && !modules.includes(simulation.tops.join(' '))
              ? [{ value: simulation.tops.join(' '), label: simulation.tops.join(', ') }]
              : []),
          ]}
        />
      </Row>
      <Row label={words.plusArgs}>
        <TextInput
          mono
          disabled={!editable}
          value={simulation.plusArgs.join(' ')}
          placeholder={words.plusArgsHint}
          onChange={(text) =>
            set(texts.edits.plusArgs, {
              plusArgs: text
                .split(/\s+/)
                .map((each) => each.replace(/^\+/, ''))
                .filter(Boolean),
            })
          }
        />
      </Row>
      <Row label={words.timeLimit}>
        <TextInput
          mono
          disabled={!editable}
          value={simulation.timeLimit}
          placeholder={words.timeLimitHint}
          invalid={isTime(simulation.timeLimit) ? undefined : words.timeLimitWrong}
          onChange={(timeLimit) => set(texts.edits.timeLimit, { timeLimit: timeLimit.trim() })}
        />
      </Row>
      <Row label={words.delays}>
        <Select
          disabled={!editable}
          value={simulation.delays}
          onChange={(delays) => set(texts.edits.delays, { delays: delays as SimulationSettings['delays'] })}
          options={(['min', 'typ', 'max'] as const).map((value) => ({ value, label: words.delayNames[value] }))}
        />
      </Row>
      <Row label={words.specify}>
        <Switch
          disabled={!editable}
          checked={simulation.specify}
          onChange={(specify) => set(texts.edits.specify, { specify })}
        />
      </Row>
      <Row label={words.record}>
        <Select
          disabled={!editable}
          value={simulation.record}
          onChange={(record) => set(texts.edits.record, { record: record as SimulationSettings['record'] })}
          options={(['all', 'dumped'] as const).map((value) => ({ value, label: words.recordNames[value] }))}
        />
      </Row>
      {verilog.length > 1 && (
        <fieldset className="sim-benches" disabled={!editable}>
          <legend>{words.benches}</legend>
          {verilog.map(({ path, role }) => (
            <label key={path} className="sim-bench mono">
              <input
                type="checkbox"
                checked={role === 'bench'}
                onChange={({ target }) => setRole(path, target.checked)}
              />
              {path}
            </label>
          ))}
        </fieldset>
      )}
      <Button
        size="small"
        variant="ghost"
        label={texts.support.open}
        onClick={() => useSim.setState({ supportOpen: true })}
      />
    </Section>
  );
}

function setRole(path: string, bench: boolean): void {
  edit(texts.edits.role(path), (was) => ({
    ...was,
    files: was.files.map((file) => {
      if (file.path !== path) return file;
      const { role: _role, ...rest } = file;
      return bench ? { ...rest, role: 'bench' as const } : rest;
    }),
  }));
}
