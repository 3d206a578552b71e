import { Download, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { PpaReport } from '../../../../engines/rtl/types.ts';
import { usePinned, useView } from '../../../design/index.ts';
import { Assumptions } from '../../../ui/Assumptions.tsx';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { formatNumber } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { Readings } from '../../../ui/Readings.tsx';
import { Section } from '../../../ui/Section.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { nameOf } from '../download/downloads.ts';
import { openPlace } from '../state.ts';
import { readingsOf } from './figures.ts';
import { withNs } from './format.ts';
import { namesOf, shortPin } from './names.ts';
import { lineText, openHere } from './source.ts';
import { type Analysed, type PpaTab, SDC_FILE, usePpa } from './state.ts';
import { texts } from './texts.ts';

const words = texts.readings;
const SOME = 8;

/** Figures of the newest analysis against the pinned one, what is not timed, what was found, and what all of it rests on. */
export function PpaReadings() {
  const result = usePpa((state) => state.result);
  const stale = usePpa((state) => state.stale);
  const pinned = usePpa((state) => state.pinned?.report);
  const running = usePpa((state) => state.phase === 'running');
  if (!result) {
    return (
      <Section title={words.title} lesson="ppa-readings">
        <p className="hint">{running ? `${texts.running} …` : texts.notRun.text}</p>
      </Section>
    );
  }
  const { report } = result;
  return (
    <div className={stale ? 'results results-stale' : 'results'}>
      <Section
        title={words.title}
        lesson="ppa-readings"
        aside={
          <IconButton
            size="small"
            icon={Download}
            label={words.download}
            onClick={() => saveFile(nameOf('-ppa.json'), JSON.stringify(report, null, 2), 'application/json')}
          />
        }
      >
        <Made report={report} stale={stale} />
        <Readings hero stale={stale} caption={words.title} rows={readingsOf(report, pinned)} />
        <Prove />
      </Section>
      <Clocks report={report} />
      <Unconstrained result={result} />
      <Findings report={report} />
      <Assumptions
        title={texts.assumptions.title}
        assumptions={report.assumptions}
        sources={texts.assumptions.source}
      />
      <Times report={report} />
    </div>
  );
}

/** Which library at which corner, and that nothing is placed yet. */
function Made({ report, stale }: { report: PpaReport; stale: boolean }) {
  const { name, corner, voltageV, temperatureC } = report.library;
  return (
    <p className="made">
      <span className="mono">{report.top}</span>
      <Badge>
        <span title={texts.conditions(voltageV, temperatureC)}>{texts.library(name, corner)}</span>
      </Badge>
      <Badge>
        <span title={texts.preLayoutAbout}>{texts.preLayout}</span>
      </Badge>
      {stale && <Badge tone="warn">{texts.stale}</Badge>}
    </p>
  );
}

/** The way to the proof, once there is a version to compare with. */
function Prove() {
  const { pinned } = usePinned('rtl');
  const [, setTab] = useView<PpaTab>('rtl.ppa', 'paths');
  if (!pinned) return null;
  return (
    <p className="ppa-prove">
      <Button size="small" icon={ShieldCheck} label={words.prove} onClick={() => setTab('prove')} />
      <span className="hint">{words.provePin}</span>
    </p>
  );
}

function Clocks({ report }: { report: PpaReport }) {
  const { clocks } = report.timing;
  if (clocks.length < 2) return null;
  return (
    <Section title={words.clocks} aside={formatNumber(clocks.length)} foldable>
      <ul className="jumps">
        {clocks.map(({ name, periodNs, registers, worstSlackNs }) => (
          <li key={name} className="jump">
            <span className="jump-name mono" title={words.clockRow(withNs(periodNs), registers)}>
              {name}
            </span>
            <span className="jump-times num">{withNs(periodNs)}</span>
            <span className="jump-value num">{withNs(worstSlackNs)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Unconstrained({ result }: { result: Analysed }) {
  const [all, setAll] = useState(false);
  const { unconstrained } = result.report.timing;
  if (unconstrained.length === 0) return null;
  const names = namesOf(result.report.artefacts[0].data);
  const rest = unconstrained.length - SOME;
  return (
    <Section
      title={words.unconstrainedTitle}
      aside={formatNumber(unconstrained.length)}
      foldable
      folded={rest > 0}
      lesson="ppa-unconstrained"
    >
      <ul className="jumps">
        {(all ? unconstrained : unconstrained.slice(0, SOME)).map(({ name, why, where }) => {
          const body = (
            <>
              <span className="jump-name mono" title={name}>
                {shortPin(name, names)}
              </span>
              <span className="jump-place mono">{lineText(where)}</span>
            </>
          );
          return (
            <li key={name} title={why}>
              {where?.file === undefined ? (
                <span className="jump">{body}</span>
              ) : (
                <button type="button" className="jump jump-press" onClick={() => openHere(result.spec, where)}>
                  {body}
                </button>
              )}
              <p className="hint">{why}</p>
            </li>
          );
        })}
      </ul>
      {!all && rest > 0 && (
        <Button size="small" variant="ghost" label={words.more(rest)} onClick={() => setAll(true)} />
      )}
    </Section>
  );
}

function Findings({ report }: { report: PpaReport }) {
  const [, setTab] = useView<PpaTab>('rtl.ppa', 'paths');
  const { problems } = report;
  if (problems.length === 0) return null;
  return (
    <Section title={words.problems} aside={formatNumber(problems.length)} foldable>
      <div className="ppa-findings">
        <ProblemList
          problems={problems}
          onOpen={({ where }) => (where?.file === SDC_FILE ? setTab('constraints') : where && openPlace(where))}
        />
      </div>
    </Section>
  );
}

function Times({ report }: { report: PpaReport }) {
  const rows = Object.entries(report.measured.timesMs).map(([id, value]) => ({
    id,
    label: words.timeNames[id] ?? id,
    value,
    unit: 'ms',
  }));
  if (rows.length === 0) return null;
  return (
    <Section title={words.times} foldable folded>
      <Readings rows={rows} caption={words.times} />
      <details className="script">
        <summary>{words.script}</summary>
        <pre className="mono">{report.script}</pre>
      </details>
    </Section>
  );
}
