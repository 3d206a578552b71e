import type { Network } from '../../onnx/network.ts';
import { OwnUnits } from '../schedule/latency-own.ts';
import { canBeReleased, releasedUnits } from '../schedule/latency-released.ts';
import type { Unit } from '../schedule/latency-types.ts';
import type { CompileStyle } from '../style.ts';
import type { Genome } from './genome.ts';
import { type Segments, segmentsOf, type Windows, windowsOf } from './latency-plan.ts';
import { LatencyRun } from './latency-run.ts';
import type { ModelSettings, ModelTimes } from './model.ts';
import type { LayerShape } from './shapes.ts';

/**
 * Latency mode as a fitness: the rounds of facts 1.5 (every replica whose window has its inputs computes one; pixels travel
 * when the round ends), timed by the released evaluator's clock, without making a program: no addresses, no memory, copies
 * of a window added up. In the released style it agrees with the real program within a few per cent. In the own style, with
 * its homes near the data and its shared copies, it is an estimate: pixels travel whole, the own evaluator is another clock.
 */
export class LatencyModel {
  private readonly units: Unit[];
  private readonly shapeOf: Map<number, LayerShape>;
  private readonly segments = new Map<LayerShape, Segments[]>();
  /** By unit: pixels that each window waits for, and those that all wait for. */
  private readonly missing: Int32Array[];
  private readonly missingForAll: number[];
  private readonly windows: (Windows | undefined)[];
  private readonly released: boolean;

  constructor(
    network: Network,
    private readonly shapes: readonly LayerShape[],
    private readonly settings: ModelSettings,
    style: CompileStyle,
  ) {
    this.shapeOf = new Map(shapes.map((shape) => [shape.index, shape]));
    const mappedOf = new Map(shapes.map((shape) => [shape.layer, shape.index]));
    this.released = style.id === 'released' && canBeReleased(network);
    const { cores } = settings.chip;
    this.units = this.released ? releasedUnits(network, mappedOf, cores) : new OwnUnits(network, mappedOf, cores).units;
    this.missing = this.units.map((unit) => new Int32Array(unit.pixels));
    this.missingForAll = this.units.map(() => 0);
    this.windows = this.units.map(windowsOf);
    for (const unit of this.units) {
      this.expect(unit);
      const shape = this.shapeUnder(unit);
      if (shape) this.segments.set(shape, segmentsOf(shape, unit.operands[0]!.from, settings.costs));
    }
  }

  times(genome: Genome): ModelTimes {
    return new LatencyRun(genome, this.shapes, this.settings, this.units, this.segments, {
      released: this.released,
      missing: this.missing.map((counts) => counts.slice()),
      missingForAll: [...this.missingForAll],
      windows: this.windows,
    }).times();
  }

  private shapeUnder(unit: Unit): LayerShape | undefined {
    return unit.work.do === 'mapped' ? this.shapeOf.get(unit.work.mapped) : undefined;
  }

  private expect(unit: Unit): void {
    const missing = this.missing[unit.id]!;
    for (const { from, need } of unit.operands) {
      if (from.work.do === 'source') continue;
      if (need.how === 'all') this.missingForAll[unit.id]! += from.pixels;
      else if (need.how === 'same') for (let window = 0; window < unit.pixels; window++) missing[window]!++;
      else if (need.how === 'listed') {
        for (let window = 0; window < unit.pixels; window++)
          missing[window]! += need.start[window + 1]! - need.start[window]!;
      } else {
        const { present } = this.windows[unit.id]!;
        for (let window = 0; window < unit.pixels; window++) missing[window]! += present[window]!;
      }
    }
  }
}
