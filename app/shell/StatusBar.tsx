import { Check, CloudAlert, PanelBottom } from 'lucide-react';
import { useDesign } from '../design/index.ts';
import { useHostStatus } from '../jobs/status.ts';
import { toggleBenchPart, useBenchParts } from '../ui/bench-store.ts';
import { formatBytes } from '../ui/format.ts';
import { STATUS_SLOT } from '../ui/StatusItem.tsx';
import { Tooltip } from '../ui/Tooltip.tsx';
import { texts } from './texts.ts';

/** What goes on: the lab's job, engines on their way, whether all is saved, and how the page runs. */
export function StatusBar({ inLab }: { inLab: boolean }) {
  return (
    <footer className="foot">
      <div id={STATUS_SLOT} className="foot-slot" />
      <EngineLoad />
      <span className="head-space" />
      {inLab && <SaveState />}
      <Workers />
      <Isolation />
      <LogToggle />
    </footer>
  );
}

function EngineLoad() {
  const { engines } = useHostStatus();
  const loading = engines.find(({ load }) => load && !load.ready);
  if (!loading?.load) return null;
  const { loadedBytes, totalBytes } = loading.load;
  const text =
    totalBytes > 0 && loadedBytes < totalBytes
      ? texts.status.loading(loading.id, formatBytes(loadedBytes), formatBytes(totalBytes))
      : texts.status.preparing(loading.id);
  return (
    <span className="foot-load">
      <span>{text}</span>
      <span
        className="bar"
        role="progressbar"
        aria-label={text}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={totalBytes > 0 ? Math.round((loadedBytes / totalBytes) * 100) : undefined}
      >
        <i style={{ width: totalBytes > 0 ? `${(loadedBytes / totalBytes) * 100}%` : '100%' }} />
      </span>
    </span>
  );
}

function SaveState() {
  const save = useDesign((state) => state.save);
  const editable = useDesign(({ design }) => design?.pen === 'mine' && !design.readOnly);
  if (!editable) return null;
  if (save === 'failed') {
    return (
      <Tooltip text={texts.status.failedAbout}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tip must be reached from the keyboard. */}
        <span className="foot-item foot-bad" tabIndex={0}>
          <CloudAlert size={14} strokeWidth={1.75} aria-hidden />
          {texts.status.failed}
        </span>
      </Tooltip>
    );
  }
  return (
    <span className="foot-item foot-save" data-save={save}>
      {save === 'saved' && <Check size={14} strokeWidth={1.75} aria-hidden />}
      {texts.status[save]}
    </span>
  );
}

function Workers() {
  const { engines } = useHostStatus();
  const count = engines.reduce((sum, { workers }) => sum + workers, 0);
  if (count === 0) return null;
  return (
    <span className="foot-item" title={texts.status.workersAbout}>
      {texts.status.workers(count)}
    </span>
  );
}

function Isolation() {
  const { isolated } = useHostStatus();
  return (
    <span className="foot-item" title={isolated ? texts.status.isolatedAbout : texts.status.openAbout}>
      {isolated ? texts.status.isolated : texts.status.open}
    </span>
  );
}

function LogToggle() {
  const bottom = useBenchParts(({ parts }) => parts.bottom);
  if (!bottom) return null;
  return (
    <button type="button" className="foot-button" aria-pressed={bottom.open} onClick={() => toggleBenchPart('bottom')}>
      <PanelBottom size={14} strokeWidth={1.75} aria-hidden />
      {bottom.title}
      {bottom.aside}
    </button>
  );
}
