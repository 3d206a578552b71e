import { Check, Dna, Play, Square } from 'lucide-react';
import { useMemo } from 'react';
import type { GeneticTrace, PimSlice } from '../../../../../engines/pim/types.ts';
import { LineChart } from '../../../../charts/LineChart.tsx';
import { isEditable, useDesign, useSlice } from '../../../../design/index.ts';
import { Button } from '../../../../ui/Button.tsx';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { Readings } from '../../../../ui/Readings.tsx';
import { type Column, Table } from '../../../../ui/Table.tsx';
import { View } from '../../../../ui/View.tsx';
import { edit } from '../../actions.ts';
import { nameOf } from '../../download/downloads.ts';
import { runNow, stopRun, takeBest } from '../../run/controls.ts';
import { searches } from '../../run/spec.ts';
import { usePim } from '../../state.ts';
import { texts } from '../../texts.ts';

const words = texts.search;

/** The genetic search as it goes: the best and the middle of every generation, and the choice to take what there is. */
export default function SearchView() {
  const slice = useSlice<PimSlice>('pim');
  const genetic = usePim((state) => state.genetic ?? state.result?.report.genetic);
  const searching = usePim((state) => state.searching && state.phase === 'running');
  // A search that was stopped has left its best: it can still be taken.
  const stopped = usePim((state) => state.genetic !== undefined && state.phase === 'cancelled');
  const chosen = searches(slice);
  return (
    <View
      title={words.title}
      about={words.about}
      lesson="search"
      aside={<Buttons searching={searching} stopped={stopped} chosen={chosen} genetic={genetic} />}
    >
      <div className="pim-scroll-view">
        {genetic && genetic.generations.length > 0 ? (
          <Progress trace={genetic} state={searching ? words.running : stopped ? words.stopped : undefined} />
        ) : searching ? (
          <EmptyState icon={Dna} title={words.starting} text={words.startingText} />
        ) : (
          <Nothing chosen={chosen} />
        )}
      </div>
    </View>
  );
}

interface ButtonsProps {
  searching: boolean;
  stopped: boolean;
  chosen: boolean;
  genetic?: GeneticTrace;
}

function Buttons({ searching, stopped, chosen, genetic }: ButtonsProps) {
  return (
    <>
      {(searching || stopped) && (
        <Button
          size="small"
          icon={Check}
          label={words.take}
          title={words.takeAbout}
          disabled={!genetic}
          onClick={takeBest}
        />
      )}
      {searching && <Button size="small" icon={Square} label={texts.stop} shortcut="Mod+." onClick={stopRun} />}
      {!searching && chosen && (
        <Button size="small" icon={Play} label={words.run} shortcut="Mod+Enter" onClick={runNow} />
      )}
    </>
  );
}

function Nothing({ chosen }: { chosen: boolean }) {
  const editable = useDesign(() => isEditable());
  return (
    <EmptyState
      icon={Dna}
      title={chosen ? words.ready : words.notChosen}
      text={chosen ? words.readyText : words.notChosenText}
      action={
        chosen ? (
          <Button variant="primary" icon={Play} label={words.run} onClick={runNow} />
        ) : (
          <Button
            label={words.choose}
            disabled={!editable}
            onClick={() =>
              edit(texts.edits.chooseSearch, (was) => ({ ...was, replication: 'genetic', mapping: 'genetic' }))
            }
          />
        )
      }
    />
  );
}

type Generation = GeneticTrace['generations'][number];

const columns: Column<Generation>[] = [
  { id: 'generation', label: words.generation, value: (row) => row.generation },
  { id: 'evaluations', label: words.evaluations, value: (row) => row.evaluations },
  { id: 'best', label: words.best, value: (row) => row.bestNs, unit: 'ns' },
  { id: 'median', label: words.median, value: (row) => row.medianNs, unit: 'ns' },
];

function Progress({ trace, state }: { trace: GeneticTrace; state: string | undefined }) {
  const { generations, startNs, bestNs, evaluations, stopped } = trace;
  const stale = usePim((state) => state.stale);
  const series = useMemo(() => {
    const line = (value: (row: Generation) => number) =>
      generations.map((row) => [row.generation, value(row)] as const);
    return [
      { id: 'best', name: words.best, colour: 'c1' as const, points: line((row) => row.bestNs) },
      { id: 'median', name: words.median, colour: 'c2' as const, points: line((row) => row.medianNs) },
    ];
  }, [generations]);
  return (
    <>
      <p className="pim-search-state" role="status">
        {state ?? words.ended[stopped]}
      </p>
      <div className="pim-search-readings">
        <Readings
          caption={words.title}
          rows={[
            { id: 'bestNs', label: words.best, value: bestNs, unit: 'ns', pinned: startNs, better: 'lower' },
            { id: 'startNs', label: words.start, value: startNs, unit: 'ns' },
            { id: 'evaluations', label: words.evaluations, value: evaluations },
            { id: 'generation', label: words.generation, value: generations.at(-1)?.generation },
          ]}
        />
        <p className="hint">{words.gain(formatNumber(startNs / bestNs))}</p>
      </div>
      <LineChart
        title={words.title}
        x={{ label: words.generation, unit: '', whole: true }}
        y={{ label: words.time, unit: 'ns', fromZero: false }}
        series={series}
        fileName={nameOf('-search')}
        stale={stale}
        dots={generations.length <= 40}
      />
      <Table
        caption={words.title}
        columns={columns}
        rows={generations}
        rowKey={(row) => String(row.generation)}
        sort={{ column: 'generation', descending: true }}
      />
    </>
  );
}
