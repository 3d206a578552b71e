import { runCommand } from '../../../design/index.ts';
import { ProblemsAndLog as Shown } from '../../../jobs/ProblemsAndLog.tsx';
import { Button } from '../../../ui/Button.tsx';
import { ProblemCount as Count } from '../../../ui/ProblemCount.tsx';
import { openPlace, useRtl } from '../state.ts';
import { texts } from '../texts.ts';
import { useAllProblems } from './all-problems.ts';

/** Below the bench: what is wrong, and what Yosys said. */
export function ProblemsAndLog() {
  const problems = useAllProblems();
  const checked = useRtl((state) => state.checkedOnce);
  const log = useRtl((state) => (state.log.length > 0 ? state.log : (state.result?.report.measured.log ?? state.log)));
  return (
    <Shown
      label={texts.bottomTitle}
      problems={problems}
      problemsTitle={texts.problems.title}
      noProblems={checked ? texts.problems.none : texts.problems.notChecked}
      onOpen={({ where }) => where?.file !== undefined && openPlace(where)}
      log={log}
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

/** How many problems there are. */
export function ProblemCount() {
  const problems = useAllProblems();
  return <Count problems={problems} errors={texts.problems.errors} warnings={texts.problems.warnings} />;
}
