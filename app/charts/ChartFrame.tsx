import { Download } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { Menu } from '../ui/Menu.tsx';
import { saveFile } from '../ui/save-file.ts';
import { chartSvg, pngOf } from './chart-export.ts';
import './charts.css';
import { toCsv } from './csv.ts';
import { texts } from './texts.ts';

export interface ChartFrameProps {
  title: string;
  /** The exact numbers of what is pointed at; left out, the hint stands there. */
  readout?: string;
  hint?: string;
  /** Of saved files, without an ending. */
  fileName: string;
  drawing: RefObject<SVGSVGElement | null>;
  width: number;
  height: number;
  /** The numbers behind the chart, a head first. */
  rows(): (readonly (string | number | undefined)[])[];
  children: ReactNode;
  legend?: ReactNode;
}

/** What every chart has around it: the exact numbers of what is pointed at, and the chart to take away. */
export function ChartFrame(props: ChartFrameProps) {
  const { title, readout, hint = texts.hint, fileName, drawing, width, height, rows, children, legend } = props;
  const save = async (form: 'svg' | 'png') => {
    if (!drawing.current) return;
    const svg = await chartSvg(drawing.current, title);
    const data = form === 'svg' ? svg : await pngOf(svg, width, height);
    if (data) saveFile(`${fileName}.${form}`, data, form === 'svg' ? 'image/svg+xml' : 'image/png');
  };
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <span className="chart-readout" aria-live="polite">
          {readout ?? hint}
        </span>
        <Menu
          align="end"
          trigger={
            <button type="button" className="icon-btn icon-btn-small" aria-label={texts.save} title={texts.save}>
              <Download size={16} strokeWidth={1.75} aria-hidden />
            </button>
          }
          items={[
            { label: texts.svg, onSelect: () => void save('svg') },
            { label: texts.png, onSelect: () => void save('png') },
            { label: texts.csv, onSelect: () => saveFile(`${fileName}.csv`, toCsv(rows()), 'text/csv') },
          ]}
        />
      </figcaption>
      {children}
      {legend}
    </figure>
  );
}

export interface LegendItem {
  name: string;
  /** A colour as CSS has it, or the outline of what is pinned. */
  colour?: string;
  pinned?: boolean;
}

export function ChartLegend({ items }: { items: readonly LegendItem[] }) {
  return (
    <ul className="chart-legend">
      {items.map(({ name, colour, pinned }) => (
        <li key={name}>
          <i
            className={pinned ? 'chart-legend-pinned' : undefined}
            style={pinned ? undefined : { background: colour }}
          />{' '}
          {name}
        </li>
      ))}
    </ul>
  );
}
