import { Eye, Lock } from 'lucide-react';
import { duplicateDesign, exportDesign, useDesign } from '../design/index.ts';
import { Button } from '../ui/Button.tsx';
import { texts } from './texts.ts';

/** Why the open design cannot be edited, and what can be done instead. */
export function Banner() {
  const readOnly = useDesign((state) => state.design?.readOnly);
  const elsewhere = useDesign((state) => state.design?.pen === 'elsewhere');
  if (readOnly) {
    return (
      <div className="banner" role="status">
        <Lock size={15} strokeWidth={1.75} aria-hidden />
        <span>
          <strong>{texts.banner.newer}</strong> {readOnly.what} {readOnly.remedy}
        </span>
        <Button size="small" label={texts.banner.export} onClick={() => void exportDesign()} />
      </div>
    );
  }
  if (!elsewhere) return null;
  return (
    <div className="banner" role="status">
      <Eye size={15} strokeWidth={1.75} aria-hidden />
      <span>{texts.banner.elsewhere}</span>
      <Button size="small" label={texts.banner.copy} onClick={() => void duplicateDesign()} />
    </div>
  );
}
