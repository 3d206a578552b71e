import { runCommand, useView } from '../../../design/index.ts';
import { ProblemsAndLog as Shown } from '../../../jobs/ProblemsAndLog.tsx';
import { Button } from '../../../ui/Button.tsx';
import { ProblemCount as Count } from '../../../ui/ProblemCount.tsx';
import type { ViewId } from '../commands.ts';
import { type PpaTab, SDC_FILE, usePpa } from '../ppa/state.ts';
import { openPlace, useRtl } from '../state.ts';
import { texts } from '../texts.ts';
import { useAllProblems } from './all-problems.ts';

/** Below the bench: what is wrong, and what Yosys said. */
export function ProblemsAndLog() {
  const problems = useAllProblems();
  const checked = useRtl((state) => state.checkedOnce);
  const [view, setView] = useView<ViewId>('rtl.view', 'split');
  const [, setTab] = useView<PpaTab>('rtl.ppa', 'paths');
  const synthesis = useRtl(logOf);
  const analysis = usePpa(logOf);
  return (
    <Shown
      label={texts.bottomTitle}
      problems={problems}
      problemsTitle={texts.problems.title}
      noProblems={checked ? texts.problems.none : texts.problems.notChecked}
      onOpen={({ where }) => {
        if (where?.file === SDC_FILE) {
          setView('ppa');
          setTab('constraints');
        } else if (where?.file !== undefined) openPlace(where);
      }}
      log={view === 'ppa' ? analysis : synthesis}
      logTitle={texts.log.title}
      noLog={texts.log.none}
      aside={
        <Button
          size="small"
          variant="ghost"
          label={texts.problems.next}
          shortcut="F8"
          onClick={() => runCommand('rtl.problem.next')}
        />
      }
    />
  );
}

interface Logged {
  log: readonly string[];
  result?: { report: { measured: { log: readonly string[] } } };
}

/** Of the run under way, else of the newest result. */
function logOf({ log, result }: Logged): readonly string[] {
  return log.length > 0 ? log : (result?.report.measured.log ?? log);
}

/** How many problems there are. */
export function ProblemCount() {
  const problems = useAllProblems();
  return <Count problems={problems} errors={texts.problems.errors} warnings={texts.problems.warnings} />;
}
