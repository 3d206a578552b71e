/** Ends of instructions in the order of time: a binary heap over typed arrays. */
export class EventQueue {
  size = 0;
  /** Of the event that `pop` took last. */
  timeNs = 0;
  instruction = 0;
  core = 0;
  private times = new Float64Array(256);
  private instructions = new Int32Array(256);
  private cores = new Int32Array(256);

  push(timeNs: number, instruction: number, core: number): void {
    if (this.size === this.times.length) this.grow();
    const { times } = this;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent]! <= timeNs) break;
      this.move(parent, at);
      at = parent;
    }
    times[at] = timeNs;
    this.instructions[at] = instruction;
    this.cores[at] = core;
  }

  /** Takes the earliest event into the fields above. Only where `size` > 0. */
  pop(): void {
    const { times } = this;
    this.timeNs = times[0]!;
    this.instruction = this.instructions[0]!;
    this.core = this.cores[0]!;
    const last = --this.size;
    const time = times[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && times[child + 1]! < times[child]!) child += 1;
      if (times[child]! >= time) break;
      this.move(child, at);
      at = child;
    }
    this.move(last, at);
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from]!;
    this.instructions[to] = this.instructions[from]!;
    this.cores[to] = this.cores[from]!;
  }

  private grow(): void {
    const size = this.times.length * 2;
    const { times, instructions, cores } = this;
    this.times = new Float64Array(size);
    this.times.set(times);
    this.instructions = new Int32Array(size);
    this.instructions.set(instructions);
    this.cores = new Int32Array(size);
    this.cores.set(cores);
  }
}
