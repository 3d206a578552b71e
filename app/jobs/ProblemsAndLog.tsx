import { type ReactNode, useState } from 'react';
import type { Problem } from '../../engines/core/result.ts';
import { ProblemList } from '../ui/ProblemList.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { LogView } from './LogView.tsx';

export interface ProblemsAndLogProps {
  /** Names the strip of tabs. */
  label: string;
  problems: readonly Problem[];
  problemsTitle: string;
  /** What stands there while there are no problems. */
  noProblems: string;
  onOpen?(problem: Problem): void;
  log: readonly string[];
  logTitle: string;
  noLog: string;
  /** Further tabs between the problems and the log. */
  others?: readonly { id: string; label: string; content: ReactNode }[];
  /** At the right end of the strip while there are problems. */
  aside?: ReactNode;
}

/** Below a bench: what is wrong, and what the engine said. */
export function ProblemsAndLog(props: ProblemsAndLogProps) {
  const { label, problems, problemsTitle, noProblems, onOpen, log, logTitle, noLog, others = [], aside } = props;
  const [tab, setTab] = useState('problems');
  const wrong = problems.some(({ severity }) => severity === 'error');
  const other = others.find(({ id }) => id === tab);
  return (
    <div className="below">
      <Tabs
        label={label}
        value={tab}
        onChange={setTab}
        tabs={[
          { id: 'problems', label: problemsTitle, badge: problems.length || undefined, tone: wrong ? 'bad' : 'warn' },
          ...others.map((each) => ({ id: each.id, label: each.label })),
          { id: 'log', label: logTitle },
        ]}
        aside={problems.length > 0 && aside}
      />
      <div className="below-body" data-lesson="problems">
        {other?.content}
        {tab === 'log' && <LogView lines={log} label={logTitle} empty={noLog} />}
        {tab === 'problems' &&
          (problems.length > 0 ? (
            <ProblemList problems={problems} onOpen={onOpen} />
          ) : (
            <p className="hint below-none">{noProblems}</p>
          ))}
      </div>
    </div>
  );
}
