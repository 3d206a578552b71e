import type { CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { formatNumber } from '../../../ui/format.ts';
import { type CellView, shadesOf } from './paint.ts';
import { texts } from './texts.ts';

/** What colours, bars and lines mean. */
export function Legend({
  report,
  spec,
  plane,
  view,
}: {
  report: CrossbarReport;
  spec: CrossbarSpec;
  plane: number;
  view: CellView;
}) {
  const { low, high, unit } = shadesOf(view, report, report.planes[Math.min(plane, report.planes.length - 1)]!, spec);
  return (
    <ul className="xbar-legend">
      <li>
        {texts.views[view]} <span className="num">{formatNumber(low, unit)}</span>
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
  );
}
