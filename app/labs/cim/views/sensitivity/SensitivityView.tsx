import { Play } from 'lucide-react';
import { useMemo } from 'react';
import { CLAIMS } from '../../../../../engines/cim/claims.ts';
import type { CimHardware } from '../../../../../engines/cim/hardware.ts';
import type { SensitivityReport, SensitivitySpec } from '../../../../../engines/cim/sensitivity.ts';
import type { CimSlice } from '../../../../../engines/cim/types.ts';
import { sameJson } from '../../../../../engines/document/json.ts';
import { HeatMap } from '../../../../charts/HeatMap.tsx';
import { isEditable, useDesign, useSlice, useView } from '../../../../design/index.ts';
import { JobBar } from '../../../../jobs/JobBar.tsx';
import { withOverride } from '../../../../models/overrides.ts';
import { Button } from '../../../../ui/Button.tsx';
import { EmptyState } from '../../../../ui/EmptyState.tsx';
import { formatNumber } from '../../../../ui/format.ts';
import { ProblemList } from '../../../../ui/ProblemList.tsx';
import { Row } from '../../../../ui/Row.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import { Slider } from '../../../../ui/Slider.tsx';
import { View } from '../../../../ui/View.tsx';
import { editHardware } from '../../actions.ts';
import { sideRuns } from '../../run/controls.ts';
import { useCim } from '../../state.ts';
import { NoResult } from '../NoResult.tsx';
import { nearestIndex } from './nearest.ts';
import { texts } from './texts.ts';

type Against = 'computeOnly' | 'cimMlc';

/** Between what bounds the constants are mapped: from a single byte port to all rows at once; from a write at once to slow cells. */
const MAINS = [10, 20, 44, 84, 160, 320, 640];
const WRITES = [10, 32, 100, 320, 1000, 3200, 10_000];

/** The speed-up over the two constants that decide it and that nobody has published: never one number alone. */
export default function SensitivityView() {
  const slice = useSlice<CimSlice>('cim');
  const report = useCim((state) => state.result?.report);
  const { spec, report: map, phase, progress, problems } = useCim((state) => state.sensitivity);
  const [against, setAgainst] = useView<Against>('cim.against', 'computeOnly');
  if (!report) return <NoResult />;
  const wanted: SensitivitySpec = { slice, mainBytesPerCycle: MAINS, writeCycles: WRITES };
  const stale = spec !== undefined && !sameJson(constantFree(spec), constantFree(wanted));
  return (
    <View
      title={texts.title}
      about={texts.about}
      lesson="sensitivity"
      aside={
        <Segmented
          label={texts.over}
          value={against}
          onChange={setAgainst}
          options={[
            { value: 'computeOnly', label: texts.against.computeOnly },
            { value: 'cimMlc', label: texts.against.cimMlc },
          ]}
        />
      }
    >
      <div className="cim-side">
        <Constants hardware={report.hardware} />
        <p className="cim-range">
          {texts.now(
            texts.ratio(report.figures.speedup?.[against] ?? Number.NaN),
            formatNumber(report.hardware.mainBytesPerCycle, 'B/cycle'),
            formatNumber(report.hardware.array.writeCycles, 'cycles'),
          )}{' '}
          {map?.ranges[against] &&
            texts.range(map.ranges[against].least, map.ranges[against].median, map.ranges[against].most)}
        </p>
        {phase === 'running' ? (
          <JobBar
            label={texts.running}
            what={progress?.what ?? texts.running}
            fraction={progress?.fraction}
            stop={texts.stop}
            onStop={() => sideRuns.sensitivity?.stop()}
          />
        ) : (
          <Button
            variant={map && !stale ? 'plain' : 'primary'}
            icon={Play}
            label={map ? texts.again : texts.run}
            onClick={() => sideRuns.sensitivity?.start(wanted)}
          />
        )}
        {stale && <p className="cim-warning">{texts.stale}</p>}
        {phase === 'failed' && <ProblemList problems={problems} />}
      </div>
      {map ? (
        <SpeedupMap map={map} against={against} hardware={report.hardware} />
      ) : (
        phase !== 'running' && <EmptyState title={texts.none} text={texts.noneAbout} />
      )}
      <p className="hint cim-note">{texts.claim(CLAIMS.find(({ id }) => id === 'mean')?.mean ?? Number.NaN)}</p>
    </View>
  );
}

/** What a map depends on: everything but the two constants that it moves. */
function constantFree({ slice }: SensitivitySpec): CimSlice {
  const fixed = withOverride(slice.hardware, ['mainBytesPerCycle'], undefined) as CimSlice['hardware'];
  const hardware = withOverride(fixed, ['array', 'writeCycles'], undefined) as CimSlice['hardware'];
  return { ...slice, hardware, cuts: null, solver: 'exact', baselines: true };
}

function Constants({ hardware }: { hardware: CimHardware }) {
  const editable = useDesign(() => isEditable());
  return (
    <fieldset className="cim-constants">
      <legend>{texts.constants}</legend>
      <Row label={texts.main}>
        <Slider
          value={hardware.mainBytesPerCycle}
          min={1}
          max={1000}
          step={1}
          scale="log"
          unit="B/cycle"
          disabled={!editable}
          onChange={(next) => editHardware('mainBytesPerCycle', texts.main, next, 'merge')}
        />
      </Row>
      <Row label={texts.write}>
        <Slider
          value={hardware.array.writeCycles}
          min={1}
          max={20_000}
          step={1}
          scale="log"
          unit="cycles"
          disabled={!editable}
          onChange={(next) => editHardware('array.writeCycles', texts.write, next, 'merge')}
        />
      </Row>
    </fieldset>
  );
}

function SpeedupMap({ map, against, hardware }: { map: SensitivityReport; against: Against; hardware: CimHardware }) {
  const { mainBytesPerCycle, writeCycles, rows } = map;
  // Slow writes at the top, as on a plot.
  const writes = useMemo(() => [...writeCycles].reverse(), [writeCycles]);
  const at = (column: number, row: number) => rows[writeCycles.length - 1 - row]?.[column];
  return (
    <>
      <HeatMap
        title={texts.chart(texts.against[against])}
        quantity={texts.quantity}
        unit="×"
        x={{ label: texts.mainAxis, values: mainBytesPerCycle.map((each) => formatNumber(each)) }}
        y={{ label: texts.writeAxis, values: writes.map((each) => formatNumber(each)) }}
        value={(column, row) => at(column, row)?.[against]}
        why={(column, row) => at(column, row)?.problem?.what}
        fileName="cim-sensitivity"
        marked={{
          column: nearestIndex(mainBytesPerCycle, hardware.mainBytesPerCycle),
          row: nearestIndex(writes, hardware.array.writeCycles),
          name: texts.present,
        }}
      />
      <p className="hint cim-note">{texts.presentHint}</p>
    </>
  );
}
