import { FileText, Trash2 } from 'lucide-react';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import { isEditable, useDesign, useSlice } from '../../../design/index.ts';
import { Button } from '../../../ui/Button.tsx';
import { edit } from '../actions.ts';
import { SdcEditor } from './SdcEditor.tsx';
import { useSdcProblems } from './sdc-problems.ts';
import { usePpa } from './state.ts';
import { texts } from './texts.ts';

const words = texts.constraints;

/** What the constraints say of the design: written here, or the ones that were used in their place. */
export default function ConstraintsView() {
  const { sdc } = useSlice<RtlSlice>('rtl');
  const editable = useDesign(() => isEditable());
  const result = usePpa((state) => state.result);
  const stale = usePpa((state) => state.stale);
  const failed = usePpa((state) => state.phase === 'failed');
  const problems = useSdcProblems();
  const used = result && result.spec.sdc === '' ? result.report.sdc : '';
  const write = (text: string) => edit(texts.edits.sdc, (was) => ({ ...was, sdc: text }), 'merge');
  const empty = sdc === '';
  const known = result?.spec.sdc === sdc && !stale;
  return (
    <div className="ppa-fill ppa-part" data-lesson="ppa-constraints">
      <div className="ppa-bar-row">
        <span className="hint">{empty ? (used === '' ? words.defaultNone : words.default) : words.about}</span>
        <span className="ppa-bar-end">
          {empty ? (
            <Button
              size="small"
              icon={FileText}
              label={words.start}
              disabled={!editable || used === ''}
              onClick={() => edit(texts.edits.sdc, (was) => ({ ...was, sdc: used }))}
            />
          ) : (
            <Button
              size="small"
              variant="ghost"
              icon={Trash2}
              label={words.clear}
              disabled={!editable}
              onClick={() => edit(texts.edits.clearSdc, (was) => ({ ...was, sdc: '' }))}
            />
          )}
        </span>
      </div>
      <SdcEditor
        label={words.label}
        text={empty ? '' : sdc}
        placeholder={used}
        readOnly={!editable}
        problems={problems}
        onChange={write}
      />
      {!empty && problems.length === 0 && (
        <p className="hint ppa-note" role="status">
          {known && !failed ? words.good : words.stale}
        </p>
      )}
    </div>
  );
}
