import { finish, finishFrom, finishScalar } from './gemm.part.as';

/*
 * Windows over images N, H, W, C, channel by channel: depthwise convolution and pooling. Places of a window are taken in
 * the order row, column; lanes are channels. The reference is in engines/onnx/run/kernel-reference.ts.
 */

// @ts-ignore: decorator
@inline
function field(parameters: usize, index: i32): i32 {
  return load<i32>(parameters + ((<usize>index) << 2));
}

/**
 * Depthwise convolution. Fields: 0 input, 1 weights as [place of the kernel][channel], 2 bias, 3 output, 4 samples,
 * 5 output height, 6 output width, 7 height, 8 width, 9 channels, 10 and 11 kernel, 12 and 13 strides, 14 pad above,
 * 15 pad left, 16 and 17 dilations, 18 to 22 what is done to sums.
 */
export function depthwise(parameters: usize): void {
  finishFrom(parameters, 18);
  const weights = <usize>field(parameters, 1);
  const bias = <usize>field(parameters, 2);
  let output = <usize>field(parameters, 3);
  const samples = field(parameters, 4);
  const outHeight = field(parameters, 5);
  const outWidth = field(parameters, 6);
  const height = field(parameters, 7);
  const width = field(parameters, 8);
  const pixel = (<usize>field(parameters, 9)) << 2;
  const whole = pixel & ~15;
  const kernelHeight = field(parameters, 10);
  const kernelWidth = field(parameters, 11);
  const dilationY = field(parameters, 16);
  const dilationX = field(parameters, 17);
  const lineBytes = <usize>(width * dilationY) * pixel;
  const placeBytes = <usize>dilationX * pixel;
  const weightLine = <usize>kernelWidth * pixel;
  for (let sample = 0; sample < samples; sample += 1) {
    for (let oy = 0; oy < outHeight; oy += 1) {
      const top = oy * field(parameters, 12) - field(parameters, 14);
      const firstY = top < 0 ? (dilationY - 1 - top) / dilationY : 0;
      const lastY = min(kernelHeight, (height - top + dilationY - 1) / dilationY);
      for (let ox = 0; ox < outWidth; ox += 1) {
        const left = ox * field(parameters, 13) - field(parameters, 15);
        const firstX = left < 0 ? (dilationX - 1 - left) / dilationX : 0;
        const lastX = min(kernelWidth, (width - left + dilationX - 1) / dilationX);
        const start =
          <usize>field(parameters, 0) +
          <usize>((sample * height + top + firstY * dilationY) * width + left + firstX * dilationX) * pixel;
        const weightStart = weights + <usize>(firstY * kernelWidth + firstX) * pixel;
        let c: usize = 0;
        if (ASC_FEATURE_SIMD) {
          for (; c < whole; c += 16) {
            let sum = v128.load(bias + c);
            let line = start + c;
            let weightAt = weightStart + c;
            for (let i = firstY; i < lastY; i += 1) {
              let from = line;
              let weight = weightAt;
              for (let j = firstX; j < lastX; j += 1) {
                sum = f32x4.add(sum, f32x4.mul(v128.load(from), v128.load(weight)));
                from += placeBytes;
                weight += pixel;
              }
              line += lineBytes;
              weightAt += weightLine;
            }
            v128.store(output + c, finish<v128>(sum));
          }
        }
        for (; c < pixel; c += 4) {
          let sum = load<f32>(bias + c);
          for (let i = firstY; i < lastY; i += 1) {
            let from = start + c + <usize>(i - firstY) * lineBytes;
            let weight = weightStart + c + <usize>(i - firstY) * weightLine;
            for (let j = firstX; j < lastX; j += 1) {
              sum += load<f32>(from) * load<f32>(weight);
              from += placeBytes;
              weight += pixel;
            }
          }
          store<f32>(output + c, finishScalar(sum));
        }
        output += pixel;
      }
    }
  }
}

/**
 * Largest value or mean of each window; a window wholly in the padding gives 0. Fields: 0 input, 1 output, 2 samples,
 * 3 output height, 4 output width, 5 height, 6 width, 7 channels, 8 and 9 kernel, 10 and 11 strides, 12 pad above, 13 pad
 * left, 14 and 15 dilations, 16 whether it is the mean, 17 whether padding counts in the divisor, 18 and 19 pads below and
 * right (that count).
 */
export function pool(parameters: usize): void {
  const input = <usize>field(parameters, 0);
  let output = <usize>field(parameters, 1);
  const samples = field(parameters, 2);
  const outHeight = field(parameters, 3);
  const outWidth = field(parameters, 4);
  const height = field(parameters, 5);
  const width = field(parameters, 6);
  const pixel = (<usize>field(parameters, 7)) << 2;
  const whole = pixel & ~15;
  const kernelHeight = field(parameters, 8);
  const kernelWidth = field(parameters, 9);
  const dilationY = field(parameters, 14);
  const dilationX = field(parameters, 15);
  const mean = field(parameters, 16) != 0;
  const countPads = field(parameters, 17) != 0;
  for (let sample = 0; sample < samples; sample += 1) {
    for (let oy = 0; oy < outHeight; oy += 1) {
      const top = oy * field(parameters, 10) - field(parameters, 12);
      for (let ox = 0; ox < outWidth; ox += 1) {
        const left = ox * field(parameters, 11) - field(parameters, 13);
        let inside = 0;
        let counted = 0;
        for (let i = 0; i < kernelHeight; i += 1) {
          const y = top + i * dilationY;
          for (let j = 0; j < kernelWidth; j += 1) {
            const x = left + j * dilationX;
            if (<u32>y < <u32>height && <u32>x < <u32>width) inside += 1;
            if (y < height + field(parameters, 18) && x < width + field(parameters, 19)) counted += 1;
          }
        }
        const divisor: f32 = <f32>(countPads ? counted : inside);
        let c: usize = 0;
        if (ASC_FEATURE_SIMD) {
          for (; c < whole; c += 16) {
            let result = f32x4.splat(mean || inside == 0 ? 0 : -Infinity);
            for (let i = 0; i < kernelHeight; i += 1) {
              const y = top + i * dilationY;
              if (<u32>y >= <u32>height) continue;
              for (let j = 0; j < kernelWidth; j += 1) {
                const x = left + j * dilationX;
                if (<u32>x >= <u32>width) continue;
                const value = v128.load(input + <usize>((sample * height + y) * width + x) * pixel + c);
                result = mean ? f32x4.add(result, value) : f32x4.pmax(result, value);
              }
            }
            if (mean && inside > 0) result = f32x4.div(result, f32x4.splat(divisor));
            v128.store(output + c, result);
          }
        }
        for (; c < pixel; c += 4) {
          let result: f32 = mean || inside == 0 ? 0 : -Infinity;
          for (let i = 0; i < kernelHeight; i += 1) {
            const y = top + i * dilationY;
            if (<u32>y >= <u32>height) continue;
            for (let j = 0; j < kernelWidth; j += 1) {
              const x = left + j * dilationX;
              if (<u32>x >= <u32>width) continue;
              const value = load<f32>(input + <usize>((sample * height + y) * width + x) * pixel + c);
              result = mean ? result + value : result < value ? value : result;
            }
          }
          if (mean && inside > 0) result = result / divisor;
          store<f32>(output + c, result);
        }
        output += pixel;
      }
    }
  }
}
