const encoder = new TextEncoder();

/** Writes the fields of one protobuf message, in the order of the calls. */
export class WireWriter {
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;

  /** A whole number, negative ones in two's complement of 64 bits as protobuf has int64. */
  int(field: number, value: number): this {
    return this.#add(varint(field * 8), varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#add(varint(field * 8 + 5), bytes);
  }

  /** Text, left out where it is empty unless it must be there. */
  text(field: number, value: string, always = false): this {
    return value || always ? this.bytes(field, encoder.encode(value)) : this;
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#add(varint(field * 8 + 2), varint(value.length), value);
  }

  message(field: number, write: (message: WireWriter) => void): this {
    const inner = new WireWriter();
    write(inner);
    this.#add(varint(field * 8 + 2), varint(inner.#bytes));
    for (const part of inner.#parts) this.#add(part);
    return this;
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.#bytes);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  #add(...parts: Uint8Array[]): this {
    for (const part of parts) {
      this.#parts.push(part);
      this.#bytes += part.length;
    }
    return this;
  }
}

function varint(value: number): Uint8Array {
  // The greatest int64 has become 2^63 as a number.
  let rest = value >= 2 ** 63 ? 2n ** 63n - 1n : BigInt.asUintN(64, BigInt(Math.trunc(value)));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
