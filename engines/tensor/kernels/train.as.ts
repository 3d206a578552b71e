// Products and moves of training by backpropagation, float32. Meaning and reference are in ../train-kernels-reference.ts.
// Every element of a result is one sum whose terms are added in the order of k: lanes hold neighbouring columns, so the
// plain build, the SIMD build and the reference give the same bits.

/** First byte that the host may lay its arrays at. */
export function heapBase(): usize {
  return __heap_base;
}

// @ts-ignore: decorator
@inline
function element(a: usize, b: usize, c: usize, k: i32, aStep: usize, bRow: usize, add: bool): void {
  let sum: f32 = add ? load<f32>(c) : 0;
  for (let step = 0; step < k; step += 1) {
    sum += load<f32>(a) * load<f32>(b);
    a += aStep;
    b += bRow;
  }
  store<f32>(c, sum);
}

/** Four columns of one row. */
// @ts-ignore: decorator
@inline
function row4(a: usize, b: usize, c: usize, k: i32, aStep: usize, bRow: usize, add: bool): void {
  let sum = add ? v128.load(c) : f32x4.splat(0);
  for (let step = 0; step < k; step += 1) {
    sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(a), v128.load(b)));
    a += aStep;
    b += bRow;
  }
  v128.store(c, sum);
}

/** Four rows of eight columns. */
// @ts-ignore: decorator
@inline
function tile(a: usize, b: usize, c: usize, k: i32, aRow: usize, aStep: usize, bRow: usize, cRow: usize, add: bool): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0);
  let s31 = f32x4.splat(0);
  if (add) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  const row2 = aRow << 1;
  const row3 = row2 + aRow;
  for (let step = 0; step < k; step += 1) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(a0, left));
    s01 = f32x4.add(s01, f32x4.mul(a0, right));
    const a1 = v128.load32_splat(a + aRow);
    s10 = f32x4.add(s10, f32x4.mul(a1, left));
    s11 = f32x4.add(s11, f32x4.mul(a1, right));
    const a2 = v128.load32_splat(a + row2);
    s20 = f32x4.add(s20, f32x4.mul(a2, left));
    s21 = f32x4.add(s21, f32x4.mul(a2, right));
    const a3 = v128.load32_splat(a + row3);
    s30 = f32x4.add(s30, f32x4.mul(a3, left));
    s31 = f32x4.add(s31, f32x4.mul(a3, right));
    a += aStep;
    b += bRow;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

/** c[i][j] (+)= sum over k of a[i * aRow + k * aStep] * b[k * bRow + j]; strides in elements, rows of c follow each other. */
export function gemm(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  aRow: i32,
  aStep: i32,
  bRow: i32,
  add: bool,
): void {
  const aRowBytes = (<usize>aRow) << 2;
  const aStepBytes = (<usize>aStep) << 2;
  const bRowBytes = (<usize>bRow) << 2;
  const cRowBytes = (<usize>n) << 2;
  let j = 0;
  if (ASC_FEATURE_SIMD) {
    for (; j + 8 <= n; j += 8) {
      const bAt = b + ((<usize>j) << 2);
      let aAt = a;
      let cAt = c + ((<usize>j) << 2);
      let i = 0;
      for (; i + 4 <= m; i += 4) {
        tile(aAt, bAt, cAt, k, aRowBytes, aStepBytes, bRowBytes, cRowBytes, add);
        aAt += aRowBytes << 2;
        cAt += cRowBytes << 2;
      }
      for (; i < m; i += 1) {
        row4(aAt, bAt, cAt, k, aStepBytes, bRowBytes, add);
        row4(aAt, bAt + 16, cAt + 16, k, aStepBytes, bRowBytes, add);
        aAt += aRowBytes;
        cAt += cRowBytes;
      }
    }
    for (; j + 4 <= n; j += 4) {
      const at = (<usize>j) << 2;
      for (let i = 0; i < m; i += 1) {
        row4(a + <usize>i * aRowBytes, b + at, c + <usize>i * cRowBytes + at, k, aStepBytes, bRowBytes, add);
      }
    }
  }
  for (; j < n; j += 1) {
    const at = (<usize>j) << 2;
    for (let i = 0; i < m; i += 1) {
      element(a + <usize>i * aRowBytes, b + at, c + <usize>i * cRowBytes + at, k, aStepBytes, bRowBytes, add);
    }
  }
}

/** Windows of an image, channels last, as rows: kernel height, kernel width, channel; zeros outside the image. */
export function im2col(
  x: usize,
  patches: usize,
  height: i32,
  width: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  padTop: i32,
  padLeft: i32,
  outHeight: i32,
  outWidth: i32,
): void {
  const pixel = (<usize>channels) << 2;
  for (let oy = 0; oy < outHeight; oy += 1) {
    for (let ox = 0; ox < outWidth; ox += 1) {
      for (let ky = 0; ky < kernelHeight; ky += 1) {
        const y = oy * stride + ky - padTop;
        for (let kx = 0; kx < kernelWidth; kx += 1) {
          const left = ox * stride + kx - padLeft;
          if (y < 0 || y >= height || left < 0 || left >= width) memory.fill(patches, 0, pixel);
          else {
            const from = x + <usize>(y * width + left) * pixel;
            let at: usize = 0;
            if (ASC_FEATURE_SIMD) for (; at + 16 <= pixel; at += 16) v128.store(patches + at, v128.load(from + at));
            for (; at < pixel; at += 4) store<f32>(patches + at, load<f32>(from + at));
          }
          patches += pixel;
        }
      }
    }
  }
}

/** Adds the rows that `im2col` would make back to the places they came from. */
export function col2im(
  x: usize,
  patches: usize,
  height: i32,
  width: i32,
  channels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  padTop: i32,
  padLeft: i32,
  outHeight: i32,
  outWidth: i32,
): void {
  const pixel = (<usize>channels) << 2;
  for (let oy = 0; oy < outHeight; oy += 1) {
    for (let ox = 0; ox < outWidth; ox += 1) {
      for (let ky = 0; ky < kernelHeight; ky += 1) {
        const y = oy * stride + ky - padTop;
        for (let kx = 0; kx < kernelWidth; kx += 1) {
          const left = ox * stride + kx - padLeft;
          if (y >= 0 && y < height && left >= 0 && left < width) {
            const to = x + <usize>(y * width + left) * pixel;
            let at: usize = 0;
            if (ASC_FEATURE_SIMD) {
              for (; at + 16 <= pixel; at += 16) {
                v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(patches + at)));
              }
            }
            for (; at < pixel; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(patches + at));
          }
          patches += pixel;
        }
      }
    }
  }
}

/** y[i][j] += bias[j], then the larger of it and 0 where `relu`. */
export function addBias(y: usize, bias: usize, rows: i32, columns: i32, relu: bool): void {
  const row = (<usize>columns) << 2;
  for (let i = 0; i < rows; i += 1) {
    let at: usize = 0;
    if (ASC_FEATURE_SIMD) {
      for (; at + 16 <= row; at += 16) {
        const sum = f32x4.add(v128.load(y + at), v128.load(bias + at));
        v128.store(y + at, relu ? f32x4.max(sum, f32x4.splat(0)) : sum);
      }
    }
    for (; at < row; at += 4) {
      const sum = load<f32>(y + at) + load<f32>(bias + at);
      store<f32>(y + at, relu ? max<f32>(sum, 0) : sum);
    }
    y += row;
  }
}

/** 0 where y is not above 0. */
export function reluBackward(dy: usize, y: usize, count: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 4 <= count; i += 4) {
      const at = (<usize>i) << 2;
      v128.store(dy + at, v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), f32x4.splat(0))));
    }
  }
  for (; i < count; i += 1) {
    const at = (<usize>i) << 2;
    if (!(load<f32>(y + at) > 0)) store<f32>(dy + at, 0);
  }
}

/** sums[j] += sum over i of dy[i][j], in the order of i. */
export function addRows(sums: usize, dy: usize, rows: i32, columns: i32): void {
  const row = (<usize>columns) << 2;
  for (let i = 0; i < rows; i += 1) {
    let at: usize = 0;
    if (ASC_FEATURE_SIMD) {
      for (; at + 16 <= row; at += 16) v128.store(sums + at, f32x4.add(v128.load(sums + at), v128.load(dy + at)));
    }
    for (; at < row; at += 4) store<f32>(sums + at, load<f32>(sums + at) + load<f32>(dy + at));
    dy += row;
  }
}

/** Largest values of square windows, channels last; the first of equals. */
export function maxPool(
  x: usize,
  y: usize,
  width: i32,
  channels: i32,
  kernel: i32,
  stride: i32,
  outHeight: i32,
  outWidth: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const line = <usize>width * pixel;
  for (let oy = 0; oy < outHeight; oy += 1) {
    for (let ox = 0; ox < outWidth; ox += 1) {
      const corner = x + <usize>(oy * stride) * line + <usize>(ox * stride) * pixel;
      let at: usize = 0;
      if (ASC_FEATURE_SIMD) {
        for (; at + 16 <= pixel; at += 16) {
          let best = v128.load(corner + at);
          for (let ky = 0; ky < kernel; ky += 1) {
            for (let kx = 0; kx < kernel; kx += 1) {
              const value = v128.load(corner + at + <usize>ky * line + <usize>kx * pixel);
              best = v128.bitselect(value, best, f32x4.gt(value, best));
            }
          }
          v128.store(y + at, best);
        }
      }
      for (; at < pixel; at += 4) {
        let best = load<f32>(corner + at);
        for (let ky = 0; ky < kernel; ky += 1) {
          for (let kx = 0; kx < kernel; kx += 1) {
            const value = load<f32>(corner + at + <usize>ky * line + <usize>kx * pixel);
            if (value > best) best = value;
          }
        }
        store<f32>(y + at, best);
      }
      y += pixel;
    }
  }
}

/** Adds the gradient of each window to the place that its largest value came from. */
export function maxPoolBackward(
  x: usize,
  dx: usize,
  dy: usize,
  width: i32,
  channels: i32,
  kernel: i32,
  stride: i32,
  outHeight: i32,
  outWidth: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const line = <usize>width * pixel;
  for (let oy = 0; oy < outHeight; oy += 1) {
    for (let ox = 0; ox < outWidth; ox += 1) {
      const corner = <usize>(oy * stride) * line + <usize>(ox * stride) * pixel;
      for (let at: usize = 0; at < pixel; at += 4) {
        let winner = corner + at;
        let best = load<f32>(x + winner);
        for (let ky = 0; ky < kernel; ky += 1) {
          for (let kx = 0; kx < kernel; kx += 1) {
            const place = corner + at + <usize>ky * line + <usize>kx * pixel;
            const value = load<f32>(x + place);
            if (value > best) {
              best = value;
              winner = place;
            }
          }
        }
        store<f32>(dx + winner, load<f32>(dx + winner) + load<f32>(dy + at));
      }
      dy += pixel;
    }
  }
}
