import { CircleHelp } from 'lucide-react';
import * as Popover from 'radix-ui/popover';
import type { PlacedPin, PlacedSymbol, Shape } from '../../engines/synthesis/index.ts';
import { SymbolMarks } from './marks.tsx';
import { TEXTS } from './texts.ts';

type PinSketch = [side: PlacedPin['side'], y: number, more?: Partial<PlacedPin>];

/** A symbol for show, in a box of 76 x 56. */
function sketch(shape: Shape, w: number, h: number, pins: PinSketch[], more: Partial<PlacedSymbol> = {}): PlacedSymbol {
  const [left, top] = [(76 - w) / 2, (56 - h) / 2];
  return {
    shape,
    name: '',
    title: '',
    heading: [],
    glyph: '',
    width: 1,
    src: [],
    parameters: [],
    x: 0,
    y: 0,
    w: 76,
    h: 56,
    body: { x: left, y: top, w, h },
    pins: pins.map(([side, y, rest]) => ({
      name: '',
      label: '',
      side,
      direction: side === 'east' ? 'output' : 'input',
      width: 1,
      net: 0,
      x: side === 'west' ? 0 : side === 'east' ? 76 : 38,
      y: side === 'south' ? 56 : top + y,
      ...rest,
    })),
    ...more,
  };
}

const ROWS: { id: keyof typeof TEXTS.legendRows; symbols: PlacedSymbol[] }[] = [
  {
    id: 'ports',
    symbols: [
      sketch('input', 40, 22, [['east', 11]], { heading: ['a'] }),
      sketch('output', 40, 22, [['west', 11]], { heading: ['y'] }),
    ],
  },
  {
    id: 'gates',
    symbols: (['and', 'or', 'xor', 'inverter'] as const).map((shape) =>
      shape === 'inverter'
        ? sketch(shape, 32, 28, [
            ['west', 14],
            ['east', 14],
          ])
        : sketch(shape, shape === 'xor' ? 46 : 42, 40, [
            ['west', 10],
            ['west', 30],
            ['east', 20],
          ]),
    ),
  },
  {
    id: 'mux',
    symbols: [
      sketch('mux', 30, 44, [
        ['west', 13, { label: '0' }],
        ['west', 31, { label: '1' }],
        ['south', 0],
        ['east', 22],
      ]),
    ],
  },
  {
    id: 'arithmetic',
    symbols: [
      sketch(
        'operator',
        44,
        48,
        [
          ['west', 12],
          ['west', 36],
          ['east', 24],
        ],
        { glyph: '+' },
      ),
      sketch(
        'compare',
        44,
        44,
        [
          ['west', 11],
          ['west', 33],
          ['east', 22],
        ],
        { glyph: '<' },
      ),
      sketch(
        'shift',
        44,
        48,
        [
          ['west', 12],
          ['west', 36],
          ['east', 24],
        ],
        { glyph: '<<' },
      ),
    ],
  },
  {
    id: 'register',
    symbols: [
      sketch('register', 52, 52, [
        ['west', 16, { label: 'D' }],
        ['west', 38, { clock: true }],
        ['east', 16, { label: 'Q' }],
      ]),
    ],
  },
  {
    id: 'join',
    symbols: [
      sketch('join', 34, 44, [
        ['west', 14, { label: '7:4', width: 4 }],
        ['west', 36, { label: '3:0', width: 4 }],
        ['east', 22, { width: 8 }],
      ]),
    ],
  },
  {
    id: 'bus',
    symbols: [
      sketch(
        'inverter',
        20,
        20,
        [
          ['west', 10, { width: 4, note: { kind: 'slice', text: '[3:0]' } }],
          ['east', 10, { width: 4 }],
        ],
        { body: { x: 44, y: 18, w: 20, h: 20 } },
      ),
    ],
  },
  {
    id: 'label',
    symbols: [
      sketch('inverter', 26, 24, [
        ['west', 12, { note: { kind: 'net', text: 'en' } }],
        ['east', 12],
      ]),
    ],
  },
  {
    id: 'constant',
    symbols: [
      sketch('inverter', 26, 24, [
        ['west', 12, { note: { kind: 'constant', text: '1' } }],
        ['east', 12],
      ]),
    ],
  },
];

/** What the symbols mean. */
export function Legend() {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className="icon-btn icon-btn-small" aria-label={TEXTS.legend} title={TEXTS.legend}>
          <CircleHelp size={16} strokeWidth={1.75} aria-hidden />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="graph-legend"
          sideOffset={6}
          align="end"
          collisionPadding={8}
          aria-label={TEXTS.legend}
        >
          {ROWS.map(({ id, symbols }) => (
            <div key={id} className="graph-legend-row">
              <span className="graph-legend-symbols">
                {symbols.map((symbol) => (
                  <svg key={`${symbol.shape}`} className="graph-symbol" width={76} height={56} aria-hidden>
                    <SymbolMarks symbol={symbol} />
                  </svg>
                ))}
              </span>
              <span>{TEXTS.legendRows[id]}</span>
            </div>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
