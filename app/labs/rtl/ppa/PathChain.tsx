import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import type { PlacedPin, PlacedSymbol, Shape } from '../../../../engines/synthesis/schematic-types.ts';
import type { TimingPath } from '../../../../engines/synthesis/timing/types.ts';
import { shortened } from '../../../charts/use-width.ts';
import { SymbolMarks } from '../../../graph/marks.tsx';
import type { Link } from './chain.ts';
import { chainKeys } from './chain-keys.ts';
import { nsText, withNs } from './format.ts';
import { type Names, shortInstance, shortNet } from './names.ts';
import { usePpa } from './state.ts';
import { texts } from './texts.ts';

const words = texts.paths;
const SLOT = 108;
const HEIGHT = 112;
const MIDDLE = 44;
/** Width of a letter of these words. */
const MONO = 7.3;
/** The path comes in above the middle where a cell has more inputs than one. */
const ABOVE = 8;
const SINGLE: ReadonlySet<Shape> = new Set(['inverter', 'buffer', 'input', 'output']);

export interface PathChainProps {
  chain: readonly Link[];
  path: TimingPath;
  names: Names;
  onPoint(step: number | undefined): void;
  onOpen(step: number): void;
}

/** A path as a chain of cells, each with its delay: pointed at here, its step and its line are lit too. */
export function PathChain({ chain, path, names, onPoint, onOpen }: PathChainProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const step = usePpa((state) => state.step);
  const held = step === undefined ? -1 : chain.findIndex(({ first, last }) => step >= first && step <= last);
  const whole = Math.max(...chain.map(({ cellNs, wireNs }) => cellNs + wireNs), 1e-9);
  useEffect(() => {
    const element = box.current;
    if (!element || held < 0) return;
    const [from, to] = [held * SLOT, (held + 1) * SLOT];
    if (from < element.scrollLeft) element.scrollLeft = from;
    else if (to > element.scrollLeft + element.clientWidth) element.scrollLeft = to - element.clientWidth;
  }, [held]);
  const point = (index: number | undefined) => onPoint(index === undefined ? undefined : chain[index]?.last);
  const onKeyDown = (event: KeyboardEvent) =>
    chainKeys(event, chain.length, held, point, (at) => chain[at] && onOpen(chain[at].last));
  const width = chain.length * SLOT;
  return (
    <div
      ref={box}
      className="ppa-chain"
      role="listbox"
      aria-label={words.chain}
      aria-orientation="horizontal"
      aria-description={words.chainHint}
      aria-activedescendant={held < 0 ? undefined : `${id}${held}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerLeave={() => point(undefined)}
    >
      <svg role="presentation" width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        {chain.map((link, index) => {
          const next = chain[index + 1];
          return next ? (
            <Wire key={link.first} from={outOf(link, index)} to={intoOf(next, index + 1)} net={link.net} />
          ) : null;
        })}
        {chain.map((link, index) => (
          <g
            key={link.first}
            id={`${id}${index}`}
            role="option"
            aria-selected={index === held}
            aria-label={nameOf(link, names)}
            className={index === held ? 'ppa-link ppa-link-on' : 'ppa-link'}
            transform={`translate(${index * SLOT} 0)`}
            onPointerEnter={() => point(index)}
            onClick={() => onOpen(link.last)}
          >
            <title>{nameOf(link, names)}</title>
            <rect className="ppa-link-reach" width={SLOT} height={HEIGHT} rx={4} />
            <SymbolMarks symbol={symbolOf(link)} />
            <rect
              className="ppa-link-share"
              x={8}
              y={103}
              width={((SLOT - 16) * (link.cellNs + link.wireNs)) / whole}
              height={4}
              rx={2}
            />
          </g>
        ))}
        {chain.map((link, index) => (
          <g key={link.first} aria-hidden className="ppa-link-words" transform={`translate(${index * SLOT} 0)`}>
            <text x={SLOT / 2} y={80} className="ppa-link-cell">
              {shortened(link.cell ?? link.name, (SLOT - 6) / MONO)}
            </text>
            <text x={SLOT / 2} y={96} className="ppa-link-delay">
              {`+${nsText(link.cellNs + link.wireNs)} ${words.arrows[link.edge]}`}
            </text>
          </g>
        ))}
      </svg>
      <span className="visually-hidden">{words.stepsCaption(path.end.name)}</span>
    </div>
  );
}

/** "u1/_12_ NAND2_X1: A1 to ZN, 0.031 ns through the cell …". */
function nameOf({ name, cell, inPin, outPin, cellNs, wireNs, arrivalNs }: Link, names: Names): string {
  const pins = [inPin, outPin].filter(Boolean).join(' → ');
  return `${shortInstance(name, names)}${cell ? ` ${cell}` : ''}${pins ? ` ${pins}` : ''}: ${words.delayOf(withNs(cellNs), withNs(wireNs))}, ${words.at.split(',')[0]?.toLowerCase()} ${withNs(arrivalNs)}`;
}

function bodyOf(shape: Shape): { w: number; h: number } {
  if (shape === 'register' || shape === 'latch' || shape === 'box') return { w: 40, h: 44 };
  if (shape === 'mux') return { w: 26, h: 48 };
  if (shape === 'input' || shape === 'output') return { w: 44, h: 22 };
  if (shape === 'inverter' || shape === 'buffer') return { w: 30, h: 28 };
  return { w: 42, h: 32 };
}

function rise(link: Link): number {
  return SINGLE.has(link.shape) ? 0 : ABOVE;
}

function outOf(link: Link, index: number): { x: number; y: number } {
  return { x: index * SLOT + SLOT / 2 + bodyOf(link.shape).w / 2 + 8, y: MIDDLE };
}

function intoOf(link: Link, index: number): { x: number; y: number } {
  return { x: index * SLOT + SLOT / 2 - bodyOf(link.shape).w / 2 - 8, y: MIDDLE - rise(link) };
}

function Wire({ from, to, net }: { from: { x: number; y: number }; to: { x: number; y: number }; net: string }) {
  const between = (from.x + to.x) / 2;
  return (
    <g className="ppa-wire">
      <path d={`M${from.x},${from.y}H${between}V${to.y}H${to.x}`} />
      <text x={between} y={12}>
        {shortened(shortNet(net), (SLOT - 6) / MONO)}
      </text>
    </g>
  );
}

function symbolOf(link: Link): PlacedSymbol {
  const { w, h } = bodyOf(link.shape);
  const body = { x: SLOT / 2 - w / 2, y: MIDDLE - h / 2, w, h };
  const pin = (name: string, side: 'west' | 'east', y: number, wired: boolean): PlacedPin => ({
    name,
    label: '',
    side,
    direction: side === 'west' ? 'input' : 'output',
    width: 1,
    x: side === 'west' ? body.x - 8 : body.x + w + 8,
    y,
    ...(wired && { net: 0 }),
  });
  const west = MIDDLE - rise(link);
  const pins: PlacedPin[] = [];
  if (link.shape !== 'input') {
    pins.push(pin(link.inPin ?? 'in', 'west', west, true));
    if (link.shape === 'register') pins[0] = { ...pins[0]!, clock: isClocked(link) };
    else if (rise(link) > 0) pins.push(pin('other', 'west', MIDDLE + ABOVE, false));
  }
  if (link.outPin !== undefined || link.shape === 'input') pins.push(pin(link.outPin ?? 'out', 'east', MIDDLE, true));
  return {
    shape: link.shape === 'box' ? 'shift' : link.shape,
    name: link.name,
    title: link.cell ?? link.name,
    heading: [],
    glyph: '',
    width: 1,
    src: [],
    parameters: [],
    pins,
    x: 0,
    y: 0,
    w: SLOT,
    h: HEIGHT,
    body,
  };
}

/** The path leaves a register that it came to by its clock. */
function isClocked(link: Link): boolean {
  return link.outPin !== undefined;
}
