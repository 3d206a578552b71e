import { useEffect, useMemo, useRef } from 'react';
import type { ConsoleLine, SimulateReport } from '../../../../engines/verilog/types.ts';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { copyText } from '../../../ui/copy.ts';
import { openPlace } from '../state.ts';
import { timeText } from '../wave/viewport.ts';
import { useSim } from './state.ts';
import { texts } from './texts.ts';

/** As many lines as a page of text bears; Copy takes all. */
const SHOWN = 2000;

/** What the bench printed. A line leads to the statement that printed it, and moves the cursor of the waves to its time. */
export function Console({ onTime }: { onTime(ticks: number): void }) {
  const lines = useSim((state) => state.lines);
  const precision = useSim((state) => state.precision);
  const verdict = useSim((state) => state.result?.report.verdict);
  const running = useSim((state) => state.phase === 'running');
  const end = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => lines.slice(-SHOWN), [lines]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what is followed.
  useEffect(() => {
    if (running) end.current?.scrollIntoView({ block: 'nearest' });
  }, [shown, running]);
  return (
    <section className="sim-console" aria-label={texts.console}>
      <div className="sim-lines mono" role="log" aria-live="off">
        {lines.length > SHOWN && <p className="hint">{texts.truncated(lines.length - SHOWN)}</p>}
        {lines.length === 0 && !running && <p className="hint">{texts.emptyConsole}</p>}
        {shown.map((line, index) => (
          <Line
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end.
            key={index}
            line={line}
            precision={precision}
            verdict={verdict && isOf(verdict, line) ? verdict.kind : undefined}
            onTime={onTime}
          />
        ))}
        <div ref={end} />
      </div>
      {lines.length > 0 && (
        <div className="sim-console-foot">
          <Button
            size="small"
            variant="ghost"
            label={texts.copy}
            onClick={() => void copyText(lines.map(({ text }) => text).join('\n'))}
          />
        </div>
      )}
    </section>
  );
}

function isOf(verdict: SimulateReport['verdict'], line: ConsoleLine): boolean {
  return verdict.timeTicks === line.timeTicks && verdict.why === line.text.trim();
}

interface LineProps {
  line: ConsoleLine;
  precision: number;
  verdict?: SimulateReport['verdict']['kind'];
  onTime(ticks: number): void;
}

function Line({ line, precision, verdict, onTime }: LineProps) {
  const { where, text, timeTicks } = line;
  const mark = classes('sim-line', verdict === 'failed' && 'sim-line-bad', verdict === 'passed' && 'sim-line-good');
  if (!where?.file) return <div className={mark}>{text === '' ? '\u00a0' : text}</div>;
  return (
    <button
      type="button"
      className={classes(mark, 'sim-line-press')}
      title={texts.consoleLine(`${where.file}:${where.line}`, timeText(timeTicks, precision))}
      onClick={() => {
        openPlace(where);
        onTime(timeTicks);
      }}
    >
      {text === '' ? '\u00a0' : text}
    </button>
  );
}
