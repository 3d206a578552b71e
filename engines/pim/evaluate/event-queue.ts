/** Numbered events in the order of time: a binary heap over typed arrays. */
export class EventQueue {
  size = 0;
  /** Of the event that `pop` took last. */
  timeNs = 0;
  event = 0;
  private times = new Float64Array(256);
  private events = new Int32Array(256);

  push(timeNs: number, event: number): void {
    if (this.size === this.times.length) this.grow();
    const { times, events } = this;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent]! <= timeNs) break;
      times[at] = times[parent]!;
      events[at] = events[parent]!;
      at = parent;
    }
    times[at] = timeNs;
    events[at] = event;
  }

  /** Takes the earliest event into the fields above. Only where `size` > 0. */
  pop(): void {
    const { times, events } = this;
    this.timeNs = times[0]!;
    this.event = events[0]!;
    const last = --this.size;
    const time = times[last]!;
    const event = events[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && times[child + 1]! < times[child]!) child += 1;
      if (times[child]! >= time) break;
      times[at] = times[child]!;
      events[at] = events[child]!;
      at = child;
    }
    times[at] = time;
    events[at] = event;
  }

  private grow(): void {
    const { times, events } = this;
    this.times = new Float64Array(times.length * 2);
    this.times.set(times);
    this.events = new Int32Array(events.length * 2);
    this.events.set(events);
  }
}
