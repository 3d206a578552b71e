import { FolderOpen, RotateCcw } from 'lucide-react';
import type { AnalysisSettings, Corner, MapScript, RtlSlice } from '../../../../engines/rtl/types.ts';
import { STUDIO45_CORNERS } from '../../../../engines/synthesis/studio45/corners.ts';
import { isEditable, useDesign, useSlice, useView } from '../../../design/index.ts';
import { formatBytes } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { NumberInput } from '../../../ui/NumberInput.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { edit } from '../actions.ts';
import type { ViewId } from '../commands.ts';
import { mhzOf, periodOf } from './clock-period.ts';
import { chooseLibrary } from './library-file.ts';
import './ppa.css';
import { terms, texts } from './texts.ts';

const words = texts.setup;
const labels = texts.edits;
const LEAST_NS = 0.01;
const MOST_NS = 1_000_000;

/** What the design is mapped to, and what timing and power assume. */
export function PpaSetup() {
  const [view] = useView<ViewId>('rtl.view', 'split');
  // Open where it is looked at; the lab puts it elsewhere in other views, and so builds it anew.
  const open = view === 'ppa';
  const slice = useSlice<RtlSlice>('rtl');
  const editable = useDesign(() => isEditable());
  const set = (label: string, change: Partial<AnalysisSettings>) =>
    edit(label, (was) => ({ ...was, analysis: { ...was.analysis, ...change } }));
  const part: PartProps = { slice, disabled: !editable, set };
  return (
    <Section title={words.title} lesson="ppa-setup" foldable folded={!open}>
      <div className="ppa-setup">
        <Library {...part} />
        <Clock {...part} />
        <Row label={words.gating} term={terms.gating}>
          <Switch
            disabled={!editable}
            checked={slice.analysis.clockGating}
            onChange={(clockGating) => set(labels.gating, { clockGating })}
          />
        </Row>
        <Activity {...part} />
        <Loads {...part} />
      </div>
    </Section>
  );
}

interface PartProps {
  slice: RtlSlice;
  disabled: boolean;
  set(label: string, change: Partial<AnalysisSettings>): void;
}

function Library({ slice, disabled }: PartProps) {
  const { library } = slice;
  const own = library === 'studio45' ? undefined : library.blob;
  return (
    <>
      <Row label={words.library} term={terms.library} note={own && `${own.name}, ${formatBytes(own.bytes)}`}>
        <span className="ppa-library mono">{own ? words.own : words.studio}</span>
        <IconButton size="small" icon={FolderOpen} label={words.choose} disabled={disabled} onClick={chooseLibrary} />
        {own && (
          <IconButton
            size="small"
            icon={RotateCcw}
            label={words.back}
            disabled={disabled}
            onClick={() => edit(labels.library, (was) => ({ ...was, library: 'studio45' }))}
          />
        )}
      </Row>
      {!own && (
        <Row
          label={words.corner}
          term={terms.corner}
          note={STUDIO45_CORNERS.find(({ id }) => id === slice.corner)?.label}
        >
          <Select<Corner>
            disabled={disabled}
            value={slice.corner}
            onChange={(corner) => edit(labels.corner, (was) => ({ ...was, corner }))}
            options={(['typical', 'slow', 'fast'] as const).map((value) => ({ value, label: words.corners[value] }))}
          />
        </Row>
      )}
      <Row label={words.script} term={terms.script}>
        <Select<MapScript>
          disabled={disabled}
          value={slice.script}
          onChange={(script) => edit(labels.script, (was) => ({ ...was, script }))}
          options={(['balanced', 'area', 'delay'] as const).map((value) => ({ value, label: words.scripts[value] }))}
        />
      </Row>
    </>
  );
}

/** The same choice as a period and as a frequency. */
function Clock({ slice, disabled }: PartProps) {
  const setPeriod = (clockNs: number) => edit(labels.clock, (was) => ({ ...was, clockNs }), 'merge');
  return (
    <>
      <Row label={words.clock}>
        <NumberInput
          value={slice.clockNs}
          min={LEAST_NS}
          max={MOST_NS}
          step={0.1}
          unit="ns"
          disabled={disabled}
          onChange={setPeriod}
        />
      </Row>
      <Row label={words.frequency} note={slice.sdc === '' ? undefined : words.clockNote}>
        <NumberInput
          value={mhzOf(slice.clockNs)}
          min={mhzOf(MOST_NS)}
          max={mhzOf(LEAST_NS)}
          step={0.1}
          unit="MHz"
          disabled={disabled}
          onChange={(mhz) => setPeriod(periodOf(mhz))}
        />
      </Row>
    </>
  );
}

function Activity({ slice, disabled, set }: PartProps) {
  const { activity, inputToggles, inputProbability, saif } = slice.analysis;
  const recordings = slice.files.map(({ path }) => path).filter((path) => /\.saif$/i.test(path));
  const missing = saif !== '' && !recordings.includes(saif);
  const hasBench = slice.files.some(({ role }) => role === 'bench');
  return (
    <>
      <Row label={words.activity} term={terms.activity}>
        <Select
          disabled={disabled}
          value={activity}
          onChange={(next) => set(labels.activity, { activity: next })}
          options={(['vectorless', 'default', 'recorded'] as const).map((value) => ({
            value,
            label: words.activities[value],
          }))}
        />
      </Row>
      {activity === 'recorded' && (
        <Row label={words.saif} note={saif === '' && !hasBench ? words.saifNote : undefined}>
          <Select
            disabled={disabled}
            value={saif}
            onChange={(next) => set(labels.saif, { saif: next })}
            options={[
              { value: '', label: words.saifBench },
              ...recordings.map((path) => ({ value: path, label: path })),
              ...(missing ? [{ value: saif, label: words.saifMissing(saif) }] : []),
            ]}
          />
        </Row>
      )}
      <Row label={words.toggles}>
        <NumberInput
          value={inputToggles}
          min={0}
          max={2}
          step={0.05}
          disabled={disabled}
          onChange={(value) => set(labels.toggles, { inputToggles: value })}
        />
      </Row>
      <Row label={words.probability}>
        <NumberInput
          value={Number((inputProbability * 100).toPrecision(6))}
          min={0}
          max={100}
          step={0.5}
          unit="%"
          disabled={disabled}
          onChange={(value) => set(labels.probability, { inputProbability: value / 100 })}
        />
      </Row>
    </>
  );
}

function Loads({ slice, disabled, set }: PartProps) {
  const { inputSlewNs, outputLoadFf, wireFf, wirePerFanoutFf, paths } = slice.analysis;
  return (
    <>
      <h3 className="ppa-setup-head">{words.loads}</h3>
      <Row label={words.slew} term={terms.slew}>
        <NumberInput
          value={inputSlewNs}
          min={0}
          max={100}
          step={0.01}
          unit="ns"
          disabled={disabled}
          onChange={(value) => set(labels.slew, { inputSlewNs: value })}
        />
      </Row>
      <Row label={words.load}>
        <NumberInput
          value={outputLoadFf}
          min={0}
          max={100_000}
          step={0.5}
          unit="fF"
          disabled={disabled}
          onChange={(value) => set(labels.load, { outputLoadFf: value })}
        />
      </Row>
      <Row label={words.wire} term={terms.wire}>
        <NumberInput
          value={wireFf}
          min={0}
          max={100_000}
          step={0.1}
          unit="fF"
          disabled={disabled}
          onChange={(value) => set(labels.wire, { wireFf: value })}
        />
      </Row>
      <Row label={words.wireFanout}>
        <NumberInput
          value={wirePerFanoutFf}
          min={0}
          max={100_000}
          step={0.1}
          unit="fF"
          disabled={disabled}
          onChange={(value) => set(labels.wire, { wirePerFanoutFf: value })}
        />
      </Row>
      <Row label={words.paths}>
        <NumberInput
          value={paths}
          min={1}
          max={1000}
          disabled={disabled}
          onChange={(value) => set(labels.paths, { paths: value })}
        />
      </Row>
    </>
  );
}
