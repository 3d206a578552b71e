import { memo } from 'react';
import type { CrossbarPlane, CrossbarReport, CrossbarSpec } from '../../../../engines/pim/crossbar/types.ts';
import { classes } from '../../../ui/classes.ts';
import { formatNumber } from '../../../ui/format.ts';
import { type Band, type Geometry, LETTER, type Line } from './geometry.ts';
import { amount, signedAmount, soFar } from './readout.ts';
import { texts } from './texts.ts';

const { labels } = texts;

interface PartProps {
  geometry: Geometry;
  report: CrossbarReport;
  spec: CrossbarSpec;
  plane: CrossbarPlane;
}

/** A name in the margin, in the middle of its band, with a line under it for scale or unit. */
function Label({ band, left, text, note }: { band: Band; left: number; text: string; note?: string }) {
  const y = band.y + Math.min(band.height, 52) / 2 + (note ? -2 : 4);
  return (
    <>
      <text className="xbar-label" x={left - 12} y={y}>
        {text}
      </text>
      {note && (
        <text className="xbar-note" x={left - 12} y={y + 14}>
          {note}
        </text>
      )}
    </>
  );
}

/** The inputs: their value, their bits with this plane's marked, and the word lines that they drive. */
export const Rows = memo(function Rows({ geometry, report, spec, plane }: PartProps) {
  const { bits, left, cell, rows, grid, header } = geometry;
  const { inputBits, dacBits } = spec;
  const low = plane.plane * dacBits;
  const high = Math.min(inputBits, low + dacBits);
  const xOf = (bit: number) => bits.x + (inputBits - 1 - bit) * bits.width;
  const top = 2 ** Math.min(dacBits, inputBits) - 1;
  const right = geometry.columns.at(-1)! + cell.width;
  return (
    <g>
      <text className="xbar-head" x={bits.x - 8} y={header.y + 15} textAnchor="end">
        {labels.input}
      </text>
      <text className="xbar-head" x={bits.x + (inputBits * bits.width) / 2} y={header.y + 15} textAnchor="middle">
        {inputBits > 2 ? labels.bits : ''}
      </text>
      <rect
        className="xbar-plane"
        x={xOf(high - 1)}
        y={grid.y - 2}
        width={(high - low) * bits.width}
        height={grid.height + 4}
        rx={3}
      />
      {rows.map((y, row) => {
        const middle = y + cell.height / 2;
        const share = plane.digits[row]! / top;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are numbered.
          <g key={row}>
            <text className="xbar-input" x={bits.x - 8} y={middle + 4}>
              {report.inputs[row]}
            </text>
            {Array.from({ length: inputBits }, (_, bit) => {
              const one = Math.floor(report.inputs[row]! / 2 ** bit) % 2 === 1;
              return (
                <text
                  // biome-ignore lint/suspicious/noArrayIndexKey: bits are numbered.
                  key={bit}
                  className={classes('xbar-bit', one && 'xbar-one', bit >= low && bit < high && 'xbar-now')}
                  x={xOf(bit) + bits.width / 2}
                  y={middle + 4}
                >
                  {one ? '1' : '0'}
                </text>
              );
            })}
            <line
              className={share > 0 ? 'xbar-wire-on' : 'xbar-wire'}
              style={share > 0 ? { strokeWidth: 1 + share } : undefined}
              x1={bits.x + inputBits * bits.width + 4}
              x2={left - 2}
              y1={middle}
              y2={middle}
            />
            {share > 0 && (
              <path
                className="xbar-arrow"
                d={`M${left - 8} ${middle - 3.5} L${left - 1} ${middle} L${left - 8} ${middle + 3.5} Z`}
              />
            )}
            {cell.gap >= 6 && (
              <path
                className={share > 0 ? 'xbar-wire-on xbar-thin' : 'xbar-wire'}
                d={geometry.columns
                  .map((x, k) => {
                    const from = k === 0 ? left - 2 : geometry.columns[k - 1]! + cell.width - cell.gap / 2;
                    return `M${from} ${middle} H${x + cell.gap / 2}`;
                  })
                  .join('')}
                data-end={right}
              />
            )}
          </g>
        );
      })}
    </g>
  );
});

/** Under the cells: currents, codes, and how slices are put together. */
export const Columns = memo(function Columns({ geometry, report, spec, plane }: PartProps) {
  const { columns, cell, currents, codes, tree, conversions, groups, left, header } = geometry;
  const { physicalColumns, converter, slices } = report;
  const most = report.planes.reduce((high, each) => Math.max(high, ...each.idealMicroamps, ...each.microamps), 1e-9);
  const width = Math.max(0.8, cell.width - Math.max(cell.gap, cell.width > 3 ? 1 : 0));
  const inset = (cell.width - width) / 2;
  const wide = conversions[0]!.width;
  const digits = String(converter.mostCode).length + (converter.leastCode < 0 ? 1 : 0);
  const numbers = wide >= digits * LETTER;
  const every = Math.ceil(20 / (groups[0]!.width + 1));
  return (
    <g>
      {groups.map((group, weight) =>
        weight % every === 0 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: weights are numbered.
          <text key={weight} className="xbar-head" x={group.x + group.width / 2} y={header.y + 15} textAnchor="middle">
            {weight}
          </text>
        ) : null,
      )}
      {physicalColumns.at(-1)!.weight < 0 && (
        <text className="xbar-head" x={columns.at(-1)! + cell.width / 2} y={header.y + 15} textAnchor="middle">
          {labels.reference}
        </text>
      )}
      <Label band={currents} left={left} text={labels.current} note={`to ${formatNumber(most * 1e-6, 'A')}`} />
      <line className="xbar-axis" x1={left} x2={columns.at(-1)! + cell.width} y1={currents.y} y2={currents.y} />
      {columns.map((x, k) => {
        const real = (Math.max(0, plane.microamps[k]!) / most) * currents.height;
        const ideal = (plane.idealMicroamps[k]! / most) * currents.height;
        const { weight, sign } = physicalColumns[k]!;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns are numbered.
          <g key={k}>
            <rect
              className={classes('xbar-current', (weight < 0 || sign < 0) && 'xbar-current-minus')}
              x={x + inset}
              y={currents.y}
              width={width}
              height={real}
            />
            {cell.width >= 3 && (
              <line
                className="xbar-ideal"
                x1={x + inset}
                x2={x + inset + width}
                y1={currents.y + ideal}
                y2={currents.y + ideal}
              />
            )}
          </g>
        );
      })}
      <Label band={codes} left={left} text={labels.code} />
      {conversions.map(({ x, width: room }, q) => {
        const code = plane.codes[q]!;
        const clipped = plane.clipped[q];
        const share = Math.abs(code) / converter.mostCode;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: conversions are numbered.
          <g key={q}>
            <rect
              className={classes('xbar-code', clipped && 'xbar-clipped')}
              x={x + Math.min(1, room / 8)}
              y={codes.y}
              width={room - Math.min(2, room / 4)}
              height={codes.height}
              rx={room > 8 ? 3 : 0}
            />
            {numbers ? (
              <text className={classes('xbar-number', clipped && 'xbar-bad')} x={x + room / 2} y={codes.y + 14}>
                {formatNumber(code)}
              </text>
            ) : (
              <rect
                className={classes('xbar-code-bar', clipped && 'xbar-clipped-bar')}
                x={x + Math.min(1, room / 8)}
                y={codes.y + codes.height * (1 - share)}
                width={room - Math.min(2, room / 4)}
                height={codes.height * share}
              />
            )}
          </g>
        );
      })}
      {slices > 1 && <Label band={tree} left={left} text={labels.places} />}
      {groups.map((group, weight) => {
        const middle = group.x + group.width / 2;
        const foot = tree.y + tree.height;
        const own = conversions.slice(weight * slices, (weight + 1) * slices);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: weights are numbered.
          <g key={weight}>
            {own.map(({ x, width: room }, at) => {
              const from = x + room / 2;
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: slices are numbered.
                <g key={at}>
                  <path
                    className="xbar-tree"
                    d={`M${from} ${tree.y} C${from} ${tree.y + tree.height * 0.8} ${middle} ${tree.y + tree.height * 0.4} ${middle} ${foot}`}
                  />
                  {slices > 1 && room >= 28 && (
                    <text
                      className="xbar-place"
                      x={from + (at < slices / 2 ? -3 : 3)}
                      y={tree.y + 12}
                      textAnchor={at < slices / 2 ? 'end' : 'start'}
                    >
                      ×{2 ** (spec.cellBits * (slices - 1 - at))}
                    </text>
                  )}
                </g>
              );
            })}
          </g>
        );
      })}
    </g>
  );
});

/** What comes out: this plane's part, the sum so far, the result beside the ideal, and the error. */
export const Outputs = memo(function Outputs({ geometry, report, plane }: Omit<PartProps, 'spec'>) {
  const { lines, groups, upright, left, outputs, errors } = geometry;
  const sums = soFar(report, plane.plane);
  const values: Record<Line, number[]> = {
    partial: plane.partial,
    'so-far': sums,
    result: report.outputs,
    ideal: report.ideal,
  };
  const right = groups.at(-1)!.x + groups.at(-1)!.width;
  const every = [...report.outputs, ...report.ideal, ...sums, 0];
  const low = Math.min(...every);
  const high = Math.max(...every, low + 1);
  const y = (value: number) => outputs.y + (outputs.height * (high - value)) / (high - low);
  const off = report.outputs.map((output, at) => output - report.ideal[at]!);
  const most = Math.max(...off.map(Math.abs));
  const errorHeight = (value: number) => (most === 0 ? 0 : ((errors.height / 2 - 1) * value) / most);
  const middle = errors.y + errors.height / 2;
  return (
    <g>
      {lines.map((band) => {
        const { line } = band;
        return (
          <g key={line} className={`xbar-line-${line}`}>
            <Label
              band={band}
              left={left}
              text={line === 'partial' ? `${labels.partial} × ${formatNumber(plane.scale)}` : labels[line]}
            />
            {groups.map((group, weight) => {
              const x = group.x + group.width / 2;
              return (
                <text
                  // biome-ignore lint/suspicious/noArrayIndexKey: weights are numbered.
                  key={weight}
                  className="xbar-number"
                  x={x}
                  y={band.y + 14}
                  {...(!upright && {
                    transform: `translate(${x + 4} ${band.y + band.height - 4}) rotate(-90)`,
                    x: 0,
                    y: 0,
                    textAnchor: 'start',
                  })}
                >
                  {amount(values[line][weight]!)}
                </text>
              );
            })}
          </g>
        );
      })}
      <Label band={outputs} left={left} text={labels.outputs} note={`${amount(low)} to ${amount(high)}`} />
      <line className="xbar-axis" x1={left} x2={right} y1={y(0)} y2={y(0)} />
      {groups.map((group, weight) => {
        const width = Math.min(36, group.width * 0.62);
        const x = group.x + (group.width - width) / 2;
        const output = report.outputs[weight]!;
        const sum = sums[weight]!;
        const ideal = report.ideal[weight]!;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: weights are numbered.
          <g key={weight}>
            <rect
              className="xbar-sum"
              fillOpacity={0.35}
              x={x}
              width={width}
              y={Math.min(y(0), y(sum))}
              height={Math.abs(y(sum) - y(0))}
            />
            <rect
              className="xbar-result"
              x={x}
              width={width}
              y={Math.min(y(0), y(output))}
              height={Math.abs(y(output) - y(0))}
            />
            <line className="xbar-tick" x1={x - 4} x2={x + width + 4} y1={y(ideal)} y2={y(ideal)} />
          </g>
        );
      })}
      <Label
        band={errors}
        left={left}
        text={labels.error}
        note={most === 0 ? texts.readings.exact : `± ${amount(most)}`}
      />
      <line className="xbar-axis" x1={left} x2={right} y1={middle} y2={middle} />
      {groups.map((group, weight) => {
        const width = Math.min(36, group.width * 0.62);
        const height = errorHeight(off[weight]!);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: weights are numbered.
          <g key={weight}>
            <rect
              className="xbar-error"
              x={group.x + (group.width - width) / 2}
              width={width}
              y={height > 0 ? middle - height : middle}
              height={Math.abs(height)}
            />
            {upright && most > 0 && (
              <text
                className="xbar-note xbar-error-text"
                x={group.x + group.width / 2}
                y={height > 0 ? middle + 14 : middle - 5}
              >
                {signedAmount(off[weight]!)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
});
