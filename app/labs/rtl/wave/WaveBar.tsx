import {
  ArrowLeftToLine,
  ArrowRightToLine,
  FileCode2,
  FolderMinus,
  FolderPlus,
  ListTree,
  MapPinMinus,
  MapPinPlus,
  Maximize,
  Trash2,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Radix } from '../../../../engines/verilog/wave/value.ts';
import { RADICES } from '../../../../engines/verilog/wave/value.ts';
import type { ShownWave } from '../../../../engines/verilog/wave/view.ts';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Select } from '../../../ui/Select.tsx';
import { cursorName } from './paint.ts';
import type { WaveStage } from './stage.ts';
import { texts } from './texts.ts';
import { timeText } from './viewport.ts';

const words = texts.bar;

interface WaveBarProps {
  stage: WaveStage;
  tree: boolean;
  onTree(): void;
  /** The rows of the list that are selected. */
  chosen: readonly ShownWave[];
  /** An enumeration gives names to the values. */
  hasNames: boolean;
  onRadix(radix: Radix | undefined): void;
  onForm(form: ShownWave['analog']): void;
  onColour(colour: number | undefined): void;
  onEdge(direction: 1 | -1): void;
  /** Left out: it is not known where the signal is declared. */
  onSource?(): void;
  onGroup(): void;
  onUngroup(): void;
  onRemove(): void;
}

export function WaveBar(props: WaveBarProps) {
  const { stage, chosen, tree } = props;
  const none = chosen.length === 0;
  const [first] = chosen;
  return (
    <div className="wave-bar" role="toolbar" aria-label={texts.title}>
      <IconButton size="small" icon={ListTree} label={texts.tree.hide} pressed={tree} onClick={props.onTree} />
      <i className="wave-bar-line" />
      <IconButton size="small" icon={Maximize} label={words.fit} shortcut="F" onClick={() => stage.fit()} />
      <IconButton size="small" icon={ZoomIn} label={words.zoomIn} shortcut="+" onClick={() => stage.zoom(0.5)} />
      <IconButton size="small" icon={ZoomOut} label={words.zoomOut} shortcut="-" onClick={() => stage.zoom(2)} />
      <IconButton
        size="small"
        icon={ArrowLeftToLine}
        label={words.before}
        shortcut=","
        disabled={none}
        onClick={() => props.onEdge(-1)}
      />
      <IconButton
        size="small"
        icon={ArrowRightToLine}
        label={words.after}
        shortcut="."
        disabled={none}
        onClick={() => props.onEdge(1)}
      />
      <IconButton size="small" icon={MapPinPlus} label={words.cursor} shortcut="C" onClick={() => addCursor(stage)} />
      <IconButton size="small" icon={MapPinMinus} label={words.removeCursor} onClick={() => stage.dropCursor()} />
      <IconButton
        size="small"
        icon={FileCode2}
        label={words.source}
        disabled={!props.onSource}
        onClick={() => props.onSource?.()}
      />
      <i className="wave-bar-line" />
      <Select
        label={words.radix}
        value={first?.radix ?? 'auto'}
        disabled={none}
        onChange={(value) => props.onRadix(value === 'auto' ? undefined : value)}
        options={[
          { value: 'auto' as const, label: words.auto },
          ...RADICES.map((value) => ({
            value,
            label: texts.radices[value],
            disabled: value === 'name' && !props.hasNames,
          })),
        ]}
      />
      <Select
        label={words.shape}
        value={first?.analog ?? 'values'}
        disabled={none}
        onChange={(value) => props.onForm(value === 'values' ? undefined : value)}
        options={[
          { value: 'values' as const, label: words.values },
          { value: 'step' as const, label: words.step },
          { value: 'linear' as const, label: words.linear },
        ]}
      />
      <Select
        label={words.colour}
        value={String(first?.colour ?? 0)}
        disabled={none}
        onChange={(value) => props.onColour(Number(value) || undefined)}
        options={words.colours.map((label, index) => ({ value: String(index), label }))}
      />
      <IconButton
        size="small"
        icon={FolderPlus}
        label={words.group}
        shortcut="G"
        disabled={none}
        onClick={props.onGroup}
      />
      <IconButton
        size="small"
        icon={FolderMinus}
        label={words.ungroup}
        disabled={!chosen.some(({ group }) => group !== undefined)}
        onClick={props.onUngroup}
      />
      <IconButton
        size="small"
        icon={Trash2}
        label={words.remove}
        shortcut="Delete"
        disabled={none}
        onClick={props.onRemove}
      />
      <Differences stage={stage} />
    </div>
  );
}

export function addCursor(stage: WaveStage): void {
  const { from, to } = stage.viewport;
  stage.setCursor(stage.cursors.length, (from + Math.min(to, stage.extent.end)) / 2);
}

/** Times between the cursors, and the frequency that they are a period of. Written without a render. */
function Differences({ stage }: { stage: WaveStage }) {
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      frame = 0;
      if (box.current) box.current.textContent = differences(stage);
    };
    const stop = stage.listen(() => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    });
    draw();
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [stage]);
  return <span ref={box} className="wave-differences num" />;
}

function differences({ cursors, database }: WaveStage): string {
  const { timescale } = database.info;
  return cursors
    .slice(1)
    .map((time, index) => {
      const before = cursors[index]!;
      const span = Math.abs(time - before);
      const rate = span > 0 ? formatNumber(1 / (span * 10 ** timescale), 'Hz') : '';
      return texts.difference(cursorName(index), cursorName(index + 1), timeText(span, timescale), rate);
    })
    .join('   ');
}
