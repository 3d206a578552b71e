import { useState } from 'react';
import { runCommand } from '../../../design/index.ts';
import { LogView } from '../../../jobs/LogView.tsx';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { ProblemList } from '../../../ui/ProblemList.tsx';
import { Tabs } from '../../../ui/Tabs.tsx';
import { openPlace, useRtl } from '../state.ts';
import { texts } from '../texts.ts';

/** Below the bench: what is wrong, and what Yosys said. */
export function ProblemsAndLog() {
  const [tab, setTab] = useState('problems');
  const problems = useRtl((state) => state.problems);
  const checked = useRtl((state) => state.checkedOnce);
  const log = useRtl((state) => (state.log.length > 0 ? state.log : (state.result?.report.measured.log ?? state.log)));
  const errors = problems.some(({ severity }) => severity === 'error');
  return (
    <div className="below">
      <Tabs
        label={texts.bottomTitle}
        value={tab}
        onChange={setTab}
        tabs={[
          {
            id: 'problems',
            label: texts.problems.title,
            badge: problems.length || undefined,
            tone: errors ? 'bad' : 'warn',
          },
          { id: 'log', label: texts.log.title },
        ]}
        aside={
          problems.length > 0 && (
            <Button
              size="small"
              variant="ghost"
              label={texts.problems.next}
              shortcut="F8"
              onClick={() => runCommand('rtl.problem.next')}
            />
          )
        }
      />
      <div className="below-body" data-lesson="problems">
        {tab === 'log' ? (
          <LogView lines={log} label={texts.log.title} empty={texts.log.none} />
        ) : problems.length > 0 ? (
          <ProblemList problems={problems} onOpen={({ where }) => where?.file !== undefined && openPlace(where)} />
        ) : (
          <p className="hint below-none">{checked ? texts.problems.none : texts.problems.notChecked}</p>
        )}
      </div>
    </div>
  );
}

/** How many problems there are: in the bar, also while the part is folded. */
export function ProblemCount() {
  const errors = useRtl((state) => state.problems.filter(({ severity }) => severity === 'error').length);
  const warnings = useRtl((state) => state.problems.filter(({ severity }) => severity === 'warning').length);
  return (
    <span className="problem-count">
      {errors > 0 && <Badge tone="bad">{texts.problems.errors(errors)}</Badge>}
      {warnings > 0 && <Badge tone="warn">{texts.problems.warnings(warnings)}</Badge>}
    </span>
  );
}
