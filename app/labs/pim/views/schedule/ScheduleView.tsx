import { Maximize } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useView } from '../../../../design/index.ts';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { IconButton } from '../../../../ui/IconButton.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { View } from '../../../../ui/View.tsx';
import { KIND_COLOURS, WORK } from '../../readings/kinds.ts';
import { useProgram } from '../../run/useProgram.ts';
import type { ShownProgram } from '../../state.ts';
import { texts } from '../../texts.ts';
import { NoProgram } from '../NoProgram.tsx';
import { type Bins, countBins } from './bins.ts';
import { GanttSurface, type RowSize } from './GanttSurface.tsx';
import { Minimap } from './Minimap.tsx';
import { formatTime } from './time-format.ts';

const words = texts.schedule;

/** When every core does what: from the whole run down to one instruction. */
export default function ScheduleView() {
  const shown = useProgram();
  if (!shown) {
    return (
      <View title={words.title} lesson="schedule">
        <NoProgram />
      </View>
    );
  }
  return <Schedule shown={shown} />;
}

function Schedule({ shown }: { shown: ShownProgram }) {
  const [size, setSize] = useView<RowSize>('pim.schedule.rows', 'all');
  const bins = useBins(shown);
  const [range, setRange] = useState<{ of: Bins; from: number; to: number }>();
  const { from, to } = range && range.of === bins ? range : { from: 0, to: bins?.endNs ?? 0 };
  const look = useCallback(
    (start: number, end: number) => bins && setRange({ of: bins, from: start, to: end }),
    [bins],
  );
  const cores = useMemo(() => {
    const { cores: count, coreStart } = shown.program;
    return Array.from({ length: count }, (_, core) => core).filter((core) => coreStart[core]! < coreStart[core + 1]!);
  }, [shown]);
  const step = (to - from) / 100;
  return (
    <View
      title={words.title}
      lesson="schedule"
      about={
        bins &&
        words.about(formatTime(from, step), formatTime(to, step), cores.length, formatNumber(shown.program.count))
      }
      aside={
        <>
          <Segmented<RowSize>
            label={words.rows}
            value={size}
            onChange={setSize}
            options={[
              { value: 'all', label: words.allRows },
              { value: 'rows', label: words.tallRows },
            ]}
          />
          <IconButton size="small" icon={Maximize} label={words.whole} onClick={() => bins && look(0, bins.endNs)} />
        </>
      }
    >
      {bins ? (
        <div className="gantt-box">
          <Minimap
            bins={bins}
            cores={cores.length}
            fromNs={from}
            toNs={to}
            onMove={(start, end) => {
              const span = Math.min(Math.max(end - start, 4), bins.endNs);
              const first = Math.min(Math.max(start, 0), bins.endNs - span);
              look(first, first + span);
            }}
          />
          <GanttSurface shown={shown} bins={bins} cores={cores} size={size} fromNs={from} toNs={to} onLook={look} />
          <p className="pim-legend">
            {WORK.map((kind) => (
              <span key={kind}>
                <i style={{ background: `var(--${KIND_COLOURS[kind]})` }} aria-hidden /> {texts.readings.kinds[kind]}
              </span>
            ))}
            <span className="pim-legend-hint">{words.hint}</span>
          </p>
        </div>
      ) : (
        <EmptyState title={words.counting} />
      )}
    </View>
  );
}

function useBins({ program, trace }: ShownProgram): Bins | undefined {
  const [found, setFound] = useState<{ of: unknown; bins: Bins }>();
  useEffect(() => {
    const abort = new AbortController();
    void countBins(program, trace, abort.signal).then((bins) => bins && setFound({ of: program, bins }));
    return () => abort.abort();
  }, [program, trace]);
  return found?.of === program ? found.bins : undefined;
}
