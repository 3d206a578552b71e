import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { ChartFrame } from '../../../charts/ChartFrame.tsx';
import { LETTER, shortened, useWidth } from '../../../charts/use-width.ts';
import { nameOf } from '../download/downloads.ts';
import { chainKeys } from './chain-keys.ts';
import { type By, type Cost, type Quantity, UNATTRIBUTED, UNITS } from './costs.ts';
import { percentText, plain } from './format.ts';
import { texts } from './texts.ts';
import { largest, type Part, REST, tilesOf } from './tiles.ts';

const words = texts.area;
const HEIGHT = 260;
const COLOURS = 7;

export interface TreemapProps {
  costs: readonly Cost[];
  by: By;
  quantity: Quantity;
  held: string | undefined;
  stale: boolean;
  /** Texts of the lines that costs are of. */
  lines: ReadonlyMap<string, string>;
  onPoint(id: string | undefined): void;
  onPress(id: string): void;
}

/** A whole cut into areas: modules, lines by file, or cell types. The table beside it has the same numbers. */
export function Treemap({ costs, by, quantity, held, stale, lines, onPoint, onPress }: TreemapProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<SVGSVGElement>(null);
  const width = useWidth(box);
  const [keyed, setKeyed] = useState<string>();
  const parts = useMemo(
    () =>
      largest(
        costs.map(
          (cost): Part => ({
            id: cost.id,
            label: labelOf(cost, by),
            group: by === 'line' ? cost.file : '',
            value: cost[quantity],
          }),
        ),
        words.rest,
      ),
    [costs, by, quantity],
  );
  const { tiles, groups } = useMemo(() => tilesOf(parts, width, HEIGHT), [parts, width]);
  const all = useMemo(() => parts.reduce((sum, { value }) => sum + value, 0), [parts]);
  const colours = useMemo(() => colouring(parts, by), [parts, by]);
  const active = held ?? keyed;
  const at = tiles.findIndex(({ part }) => part.id === active);
  const say = (part: Part) =>
    `${part.label}${part.group ? ` (${part.group})` : ''}: ${plain(part.value)} ${UNITS[quantity]}, ${percentText(part.value / (all || 1))}`;
  const point = (index: number) => {
    const part = tiles[index]?.part;
    setKeyed(part?.id);
    onPoint(part?.id);
  };
  const press = (index: number) => tiles[index] && onPress(tiles[index].part.id);
  const onKeyDown = (event: KeyboardEvent) => chainKeys(event, tiles.length, at, point, press);
  const leave = () => {
    setKeyed(undefined);
    onPoint(undefined);
  };
  const title = `${words.quantities[quantity]}, ${words.bys[by].toLowerCase()}`;
  const here = tiles[at]?.part;
  const rows = () => [
    [words.name[by], `${words.quantities[quantity]} (${UNITS[quantity]})`, words.cells],
    ...[...costs]
      .sort((a, b) => b[quantity] - a[quantity])
      .map((cost) => [cost.id === UNATTRIBUTED ? words.unattributed : cost.name, cost[quantity], cost.cells]),
  ];
  return (
    <ChartFrame
      title={title}
      readout={here && say(here)}
      hint={tiles.length === 0 ? words.none : words.hint}
      fileName={nameOf(`-${quantity.replace(/[A-Z].*/, '')}-by-${by}`)}
      drawing={drawing}
      width={width}
      height={HEIGHT}
      rows={rows}
    >
      <div
        ref={box}
        className={stale ? 'chart-box chart-stale' : 'chart-box'}
        role="listbox"
        aria-label={title}
        aria-activedescendant={at < 0 ? undefined : `${id}${at}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerLeave={leave}
        onBlur={leave}
      >
        <svg
          role="presentation"
          ref={drawing}
          className="chart-svg ppa-treemap"
          width={width}
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
        >
          {groups.map((group) => (
            <text key={group.name} className="ppa-tile-group" aria-hidden x={group.x + 3} y={group.y + 13}>
              {shortened(group.name, (group.width - 6) / LETTER)}
            </text>
          ))}
          {tiles.map(({ part, x, y, width: wide, height }, index) => {
            return (
              <g
                key={part.id}
                id={`${id}${index}`}
                role="option"
                aria-selected={index === at}
                aria-label={say(part)}
                className="ppa-tile"
                onPointerEnter={() => point(index)}
                onClick={() => press(index)}
              >
                <rect className="chart-fill" x={x} y={y} width={wide} height={height} style={{ fill: colours(part) }} />
              </g>
            );
          })}
          {tiles.map(({ part, x, y, width: wide, height }) => {
            const room = (wide - 10) / LETTER;
            return (
              <g key={part.id} aria-hidden>
                {room >= 4 && height >= 18 && (
                  <text x={x + 5} y={y + 14}>
                    {shortened(by === 'line' ? `${part.label} ${lines.get(part.id) ?? ''}`.trim() : part.label, room)}
                  </text>
                )}
                {room >= 6 && height >= 36 && (
                  <text className="ppa-tile-value" x={x + 5} y={y + 29}>
                    {shortened(`${plain(part.value)} ${UNITS[quantity]}`, room)}
                  </text>
                )}
              </g>
            );
          })}
          {tiles[at] && (
            <rect
              className="ppa-tile-on"
              aria-hidden
              x={tiles[at].x + 1}
              y={tiles[at].y + 1}
              width={Math.max(0, tiles[at].width - 2)}
              height={Math.max(0, tiles[at].height - 2)}
            />
          )}
        </svg>
      </div>
    </ChartFrame>
  );
}

function labelOf(cost: Cost, by: By): string {
  if (cost.id === UNATTRIBUTED) return words.unattributed;
  return by === 'line' ? `${cost.line}` : cost.name;
}

/** Files, modules and types by their colours, paler than lines so that words can stand on them; the nameless in grey. */
function colouring(parts: readonly Part[], by: By): (part: Part) => string {
  const keyOf = (part: Part) => (by === 'line' ? part.group : part.id);
  const keys = [...new Set(parts.map(keyOf))].filter((key) => key !== '' && key !== REST).sort();
  return (part) => {
    const index = keys.indexOf(keyOf(part));
    const colour = index < 0 ? 'c8' : `c${(index % COLOURS) + 1}`;
    return `color-mix(in srgb, var(--${colour}) 30%, var(--surface))`;
  };
}
