import type { Camera, Extent } from '../../../../graph/camera.ts';
import { CELL, type ChipGeometry, LABEL_GAP } from './chip-geometry.ts';
import type { ChipModel } from './chip-model.ts';

export interface ChipTheme {
  surface: string;
  sunken: string;
  line: string;
  text: string;
  text3: string;
  accent: string;
  font: string;
  /** Steps of the ramp. */
  ramp: readonly string[];
}

/** Which step of the ramp each AG has; -1: no value. */
export type AgColours = Int8Array | Int16Array;

export interface ChipMarks {
  /** AGs drawn as they are while all others fade; undefined: none fades. */
  lit?: readonly number[];
  /** The core with a frame, and the AG with one. */
  core?: number;
  ag?: number;
}

/** Numbers of cores are drawn where there is so much room for them on the screen. */
const LABEL_PX = 11;

/**
 * Draws the chip. Everything that does not change while one points at things (cores, crossbars, colours) is a picture that
 * is made for the second frame of a place of the camera; from then on a frame is that picture and the marks. While the
 * camera moves there is no picture: making one waits for its pixels.
 */
export class ChipPainter {
  private readonly cores = new Path2D();
  private readonly empty = new Path2D();
  private paths: Path2D[] = [];
  private none = new Path2D();
  private picture: HTMLCanvasElement | undefined;
  private pictureOf = '';
  private drawnOf = '';
  private version = 0;

  constructor(
    readonly model: ChipModel,
    readonly geometry: ChipGeometry,
  ) {
    for (let core = 0; core < model.cores; core++) {
      const { x, y, w, h } = geometry.coreBox(core);
      this.cores.roundRect(x, y, w, h, 3);
      const first = core * model.perCore;
      for (let slot = 0; slot < model.perCore; slot++) {
        if (model.slots[first + slot] !== -1) continue;
        const cell = geometry.cellBox(core, slot);
        this.empty.rect(cell.x, cell.y, cell.w, cell.h);
      }
    }
  }

  /** Colours the AGs anew. */
  colour(colours: AgColours, steps: number): void {
    this.none = new Path2D();
    this.paths = Array.from({ length: steps }, () => new Path2D());
    for (let ag = 0; ag < this.model.count; ag++) this.addTo(this.paths[colours[ag]!] ?? this.none, ag);
    this.version++;
  }

  private addTo(path: Path2D, ag: number): void {
    const { model, geometry } = this;
    const core = model.core[ag]!;
    const last = Math.min(model.start[ag]! + model.size[ag]!, model.perCore);
    for (let slot = model.start[ag]!; slot < last; slot++) {
      const { x, y, w, h } = geometry.cellBox(core, slot);
      path.rect(x, y, w, h);
    }
  }

  paint(
    context: CanvasRenderingContext2D,
    camera: Camera,
    view: Extent,
    ratio: number,
    theme: ChipTheme,
    colours: AgColours,
    marks: ChipMarks,
  ): void {
    const key = `${camera.x} ${camera.y} ${camera.zoom} ${view.w} ${view.h} ${ratio} ${theme.surface} ${this.version}`;
    if (key === this.pictureOf && this.picture) this.show(context, this.picture);
    else if (key === this.drawnOf) this.show(context, this.keep(key, camera, view, ratio, theme));
    else this.paintAll(context, camera, view, ratio, theme);
    this.drawnOf = key;
    const { lit, core, ag } = marks;
    if (lit) {
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.globalAlpha = 0.72;
      context.fillStyle = theme.surface;
      context.fillRect(0, 0, view.w, view.h);
      context.globalAlpha = 1;
      this.place(context, camera, ratio);
      const steps = new Map<number, Path2D>();
      for (const each of lit) {
        const step = colours[each]!;
        const path = steps.get(step) ?? new Path2D();
        steps.set(step, path);
        this.addTo(path, each);
      }
      for (const [step, path] of steps) {
        context.fillStyle = theme.ramp[step] ?? theme.text3;
        context.fill(path);
      }
    }
    this.place(context, camera, ratio);
    context.strokeStyle = theme.accent;
    context.lineWidth = 2 / camera.zoom;
    if (core !== undefined && core < this.model.cores) {
      const { x, y, w, h } = this.geometry.coreBox(core);
      context.strokeRect(x, y, w, h);
    }
    if (ag !== undefined && ag < this.model.count) {
      const path = new Path2D();
      this.addTo(path, ag);
      context.stroke(path);
    }
  }

  private keep(key: string, camera: Camera, view: Extent, ratio: number, theme: ChipTheme): HTMLCanvasElement {
    this.picture ??= document.createElement('canvas');
    this.picture.width = Math.round(view.w * ratio);
    this.picture.height = Math.round(view.h * ratio);
    const inner = this.picture.getContext('2d', { alpha: false });
    if (inner) this.paintAll(inner, camera, view, ratio, theme);
    this.pictureOf = key;
    return this.picture;
  }

  private show(context: CanvasRenderingContext2D, picture: HTMLCanvasElement): void {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(picture, 0, 0);
  }

  private paintAll(
    context: CanvasRenderingContext2D,
    camera: Camera,
    view: Extent,
    ratio: number,
    theme: ChipTheme,
  ): void {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = theme.surface;
    context.fillRect(0, 0, view.w, view.h);
    this.place(context, camera, ratio);
    context.fillStyle = theme.sunken;
    context.fill(this.cores);
    context.strokeStyle = theme.line;
    context.lineWidth = 1 / camera.zoom;
    context.stroke(this.cores);
    // Too small to be told from the core's ground, free crossbars cost time and show nothing.
    if (camera.zoom * CELL >= 3) {
      context.fillStyle = theme.line;
      context.fill(this.empty);
    }
    context.fillStyle = theme.text3;
    context.fill(this.none);
    for (const [step, path] of this.paths.entries()) {
      context.fillStyle = theme.ramp[step] ?? theme.text3;
      context.fill(path);
    }
    if (LABEL_GAP * camera.zoom < LABEL_PX) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = theme.font;
    context.fillStyle = theme.text3;
    context.textBaseline = 'alphabetic';
    for (let core = 0; core < this.model.cores; core++) {
      const box = this.geometry.coreBox(core);
      const x = box.x * camera.zoom + camera.x;
      const y = box.y * camera.zoom + camera.y;
      if (x > view.w || y > view.h || x + box.w * camera.zoom < 0 || y + box.h * camera.zoom < 0) continue;
      context.fillText(String(core), x, y - 2);
    }
  }

  private place(context: CanvasRenderingContext2D, camera: Camera, ratio: number): void {
    context.setTransform(camera.zoom * ratio, 0, 0, camera.zoom * ratio, camera.x * ratio, camera.y * ratio);
  }
}
