import { useCallback, useEffect, useState } from 'react';
import type { CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import type { PimSlice } from '../../../../engines/pim/types.ts';
import { isEditable, useDesign, useSlice } from '../../../design/index.ts';
import { publishReport } from '../../../lessons/report-store.ts';
import { edit } from '../actions.ts';
import { CrossbarBench } from '../crossbar/CrossbarBench.tsx';

/** The single crossbar, on the whole bench. */
export default function CrossbarPart() {
  const { crossbar, model } = useSlice<PimSlice>('pim');
  const editable = useDesign(() => isEditable());
  const seed = useDesign((state) => state.design?.document.seed ?? 1);
  const [found, setFound] = useState<{ report: CrossbarReport; spec: CrossbarSpec }>();
  const onReport = useCallback((report: CrossbarReport, spec: CrossbarSpec) => setFound({ report, spec }), []);
  // While the crossbar is on the screen, lessons ask about it; a report of an earlier setting answers nothing.
  useEffect(() => publishReport('pim', found?.spec === crossbar ? found.report : undefined), [found, crossbar]);
  return (
    <CrossbarBench
      slice={crossbar}
      model={model}
      seed={seed}
      editable={editable}
      onChange={(label, next) => edit(label, (was) => ({ ...was, crossbar: next }), 'merge')}
      onReport={onReport}
    />
  );
}
