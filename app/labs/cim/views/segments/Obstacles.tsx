import type { CimReport } from '../../../../../engines/cim/types.ts';
import { useCim } from '../../state.ts';
import type { Pieces } from './estimate.ts';
import { obstacleText } from './reading.ts';
import { texts } from './texts.ts';

/** Told one by one; of more, how many. */
const MOST = 3;

/** Segments that cannot be, with their reason: while a boundary is held, and as long as it stays so. */
export function Obstacles({ report, shown }: { report: CimReport; shown: Pieces }) {
  const problems = useCim((state) => state.problems);
  const found = shown.pieces.flatMap((piece, at) => {
    if (!piece.obstacle) return [];
    const say = piece.obstacle.kind === 'arrays' ? texts.doesNotFit : texts.cannotStand;
    return [say(at + 1, obstacleText(report, piece))];
  });
  // What the compiler says of the cuts, where it is not seen here.
  const told =
    found.length > 0
      ? []
      : problems.filter(({ where, severity }) => severity === 'error' && where?.path?.startsWith('slices.cim.cuts'));
  return (
    <div className="cimseg-obstacles" role="status">
      {found.slice(0, MOST).map((words) => (
        <p key={words}>{words}</p>
      ))}
      {found.length > MOST && <p>{texts.moreDoNot(found.length - MOST)}</p>}
      {!shown.exact && !shown.illegal && <p className="cimseg-about">{texts.versus.estimate}</p>}
      {told.map(({ what }) => (
        <p key={what}>{what}</p>
      ))}
    </div>
  );
}
