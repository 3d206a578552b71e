import { FolderOpen, X } from 'lucide-react';
import { useCallback, useRef } from 'react';
import type { WaveViewState } from '../../../../engines/verilog/wave/view.ts';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { View } from '../../../ui/View.tsx';
import { closeWaveFile, openWaveFile, useOpenedWaves } from './opened.ts';
import { texts } from './texts.ts';
import { Waves, type WaveViewProps } from './Waves.tsx';
import './wave.css';

/** Signals over time: chosen from the scopes of the design, drawn, measured, saved. A file of waves takes the place of the run while it is open. */
export default function WaveView(props: WaveViewProps) {
  const opened = useOpenedWaves();
  const input = useRef<HTMLInputElement>(null);
  const choose = useCallback(() => input.current?.click(), []);
  const keepOpened = useCallback((view: WaveViewState) => useOpenedWaves.setState({ view }), []);
  const database = opened.name === undefined ? props.database : opened.database;
  const aside = (
    <>
      {opened.name !== undefined && (
        <span className="wave-file">
          <span>
            {opened.fraction === undefined ? opened.name : texts.file.reading(opened.name, percent(opened.fraction))}
          </span>
          <IconButton size="small" icon={X} label={texts.file.close} onClick={closeWaveFile} />
        </span>
      )}
      {props.aside}
      <input
        ref={input}
        type="file"
        accept=".vcd,.evcd,.fst"
        hidden
        aria-label={texts.file.open}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) void openWaveFile(file);
        }}
      />
    </>
  );
  if (!database) {
    return (
      <View title={texts.title} lesson="waves" aside={aside}>
        {opened.problems.length > 0 && <ProblemList problems={opened.problems} />}
        <EmptyState
          title={
            opened.fraction === undefined
              ? texts.none.title
              : texts.file.reading(opened.name ?? '', percent(opened.fraction))
          }
          text={opened.fraction === undefined && texts.none.body}
          action={
            opened.fraction === undefined && <Button icon={FolderOpen} label={texts.file.open} onClick={choose} />
          }
        />
      </View>
    );
  }
  const own = opened.name === undefined;
  return (
    <Waves
      {...props}
      // Selection and notes belong to one set of waves.
      key={own ? 'run' : opened.name}
      database={database}
      aside={aside}
      onOpenWaves={choose}
      {...(!own && {
        running: opened.fraction !== undefined,
        view: opened.view,
        onView: keepOpened,
        onTime: undefined,
        onSelectSignal: undefined,
        onShowSource: undefined,
        found: opened.problems,
        fileName: opened.name?.replace(/\.[^.]*$/, ''),
      })}
    />
  );
}

const percent = (fraction: number) => formatNumber(Math.round(fraction * 100), '%');
