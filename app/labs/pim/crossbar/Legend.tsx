import { Download } from 'lucide-react';
import { formatNumber } from '../../../ui/format.ts';
import { Menu } from '../../../ui/Menu.tsx';
import type { CellView, Shades } from './paint.ts';
import { texts } from './texts.ts';

/** What colours, bars and lines mean. */
export function Legend({
  shades,
  view,
  onSave,
}: {
  shades: Shades;
  view: CellView;
  onSave(form: 'svg' | 'png'): void;
}) {
  const { low, high, unit } = shades;
  return (
    <div className="xbar-legend">
      <ul>
        <li>
          {texts.legends[view]} <span className="num">{formatNumber(low, unit)}</span>
          <i className={view === 'deviation' ? 'xbar-ramp xbar-ramp-apart' : 'xbar-ramp'} />
          <span className="num">{formatNumber(high, unit)}</span>
        </li>
        <li>
          <i className="xbar-key xbar-key-sum" /> {texts.legend.bar}
        </li>
        <li>
          <i className="xbar-key xbar-key-result" /> {texts.legend.outline}
        </li>
        <li>
          <i className="xbar-key xbar-key-tick" /> {texts.legend.tick}
        </li>
        <li className="xbar-hint">{texts.hint}</li>
      </ul>
      <Menu
        align="end"
        trigger={
          <button type="button" className="icon-btn icon-btn-small" aria-label={texts.save} title={texts.save}>
            <Download size={16} strokeWidth={1.75} aria-hidden />
          </button>
        }
        items={[
          { label: texts.svg, onSelect: () => onSave('svg') },
          { label: texts.png, onSelect: () => onSave('png') },
        ]}
      />
    </div>
  );
}
