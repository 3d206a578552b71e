import type { LayerMovement, LevelMovement, MemoryLevel, Operand } from '../../../../../engines/bfp/movement/types.ts';
import { Badge } from '../../../../ui/Badge.tsx';
import { classes } from '../../../../ui/classes.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { memoryText, type NestLevel, type NestLoop, nestOf, OPERANDS, tileText, total } from './nest.ts';
import { texts } from './texts.ts';

/** The loop nest as frames within frames: outer loops, the level's tile and how full it makes its memory, inner loops. */
export function Nest({ layer, stale }: { layer: LayerMovement; stale: boolean }) {
  return (
    <section className={classes('loops-nest', stale && 'loops-pale')} aria-label={texts.nest}>
      <h3>{texts.nest}</h3>
      <p className="hint">{texts.nestAbout}</p>
      <div className="loops-frame">
        <p className="loops-frame-head">
          <strong>{texts.outside}</strong>
          <span className="hint">{tileText(layer.sizes)}</span>
        </p>
        <Frames levels={nestOf(layer)} bottleneck={layer.bottleneck} />
      </div>
    </section>
  );
}

/** The first of some levels, outermost first, with the others inside it. */
function Frames({ levels, bottleneck }: { levels: readonly NestLevel[]; bottleneck: MemoryLevel }) {
  const [level, ...inner] = levels;
  if (!level) return null;
  const { movement, together, loops } = level;
  const worst = bottleneck === movement.level;
  return (
    <>
      <ul className="loops-lines">
        {together.map((loop) => (
          <Loop key={loop.index} loop={loop} together />
        ))}
        {loops.map((loop) => (
          <Loop key={loop.index} loop={loop} />
        ))}
        {together.length + loops.length === 0 && <li className="loops-none">{texts.noLoops}</li>}
      </ul>
      <div className={classes('loops-frame', worst && 'loops-frame-worst')} data-level={movement.level}>
        <p className="loops-frame-head">
          <strong>{texts.levels[movement.level]}</strong>
          {movement.level === 'registers' && <Badge>{texts.fixed}</Badge>}
          {movement.binds && <Badge tone="warn">{texts.binds}</Badge>}
          {worst && <Badge tone="accent">{texts.bottleneck}</Badge>}
          <span className="hint loops-moved">{texts.moves(formatNumber(total(movement.volumeBits), 'bit'))}</span>
        </p>
        <p className="loops-tile mono">{tileText(movement.tile)}</p>
        <Footprint movement={movement} />
        <Frames levels={inner} bottleneck={bottleneck} />
      </div>
    </>
  );
}

function Loop({ loop, together = false }: { loop: NestLoop; together?: boolean }) {
  const step = Number.isInteger(loop.step) ? String(loop.step) : formatNumber(loop.step);
  return (
    <li className={classes(together && 'loops-together')}>
      <span className="mono">
        <b>{loop.index}</b> {(together ? texts.parts : texts.steps)(loop.times, step)}
      </span>
      <span className="hint">
        {texts.indices[loop.index]}
        {together && `, ${texts.together(loop.times)}`}
      </span>
    </li>
  );
}

/** How full a tile makes its level, by tensor. */
function Footprint({ movement: { footprintBits, capacityBits } }: { movement: LevelMovement }) {
  const percent = (100 * total(footprintBits)) / capacityBits;
  const sized = (operand: Operand) => texts.part(texts.bitsOf[operand], memoryText(footprintBits[operand]));
  const words = OPERANDS.map(sized).join(', ');
  return (
    <div className="loops-footprint" title={texts.footprint(words)}>
      <span className="loops-track" role="img" aria-label={`${texts.footprint(words)}; ${texts.full(percent)}`}>
        {OPERANDS.map((operand) => (
          <i
            key={operand}
            className={`loops-${operand}`}
            style={{ width: `${(100 * footprintBits[operand]) / capacityBits}%` }}
          />
        ))}
      </span>
      <span className="num">
        {texts.full(percent)} <small>{texts.capacity(memoryText(capacityBits))}</small>
      </span>
    </div>
  );
}
