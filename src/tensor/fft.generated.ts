// The operators of torch.fft. Made by scripts/generate-operators.mjs from operators.facts.json; change those, then run `npm run generate`.

import type { Layout } from './arguments.ts';
import { layoutCode, readOptions, tracked } from './arguments.ts';
import { call, h, wrap } from './call.ts';
import { type Device, deviceCode } from './device.ts';
import { type DType, dtypeCode } from './dtype.ts';
import type { Tensor } from './tensor.ts';

const OPTIONS_0: readonly string[] = ['n', 'dim', 'norm'];
const OPTIONS_1: readonly string[] = ['s', 'dim', 'norm'];
const OPTIONS_2: readonly string[] = ['d', 'dtype', 'layout', 'device', 'pinMemory', 'requiresGrad'];
const OPTIONS_3: readonly string[] = ['dim'];

/** The discrete Fourier transform along one dimension (default the last): the share of each frequency.
 *  Shape: any, unchanged.
 *
 *  `fft_fft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.fft.html
 *  @example
 *  fft.fft(tensor([3, 1, 1, 1])).real; // tensor([6., 2., 2., 2.]) */
export function fft(input: Tensor, options?: { n?: number | undefined; dim?: number | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(502, h(input)));
  readOptions('fft', OPTIONS_0, options);
  return wrap(call(502, h(input), options.n, options.dim, options.norm));
}

/** The transform along the last two dimensions.
 *  Shape: [*, N, M], unchanged.
 *
 *  `fft_fft2(Tensor self, int[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.fft2.html
 *  @example
 *  fft.fft2(ones([2, 2])).abs(); // tensor([[4., 0.], [0., 0.]]) */
export function fft2(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(503, h(input)));
  readOptions('fft2', OPTIONS_1, options);
  return wrap(call(503, h(input), options.s, options.dim, options.norm));
}

/** The frequencies that `fft.fft` gives the shares of, in cycles, for samples `d` apart.
 *  Shape: [n].
 *
 *  `fft_fftfreq(int n, float d=1., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.fftfreq.html
 *  @example
 *  fft.fftfreq(4); // tensor([ 0.0000,  0.2500, -0.5000, -0.2500]) */
export function fftfreq(n: number, options?: { d?: number | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(504, n));
  readOptions('fftfreq', OPTIONS_2, options);
  return tracked(wrap(call(504, n, options.d, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
}

/** The transform along several dimensions, by default all.
 *  Shape: any, unchanged.
 *
 *  `fft_fftn(Tensor self, int[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.fftn.html
 *  @example
 *  fft.fftn(ones([2, 2, 2])).real.sum(); // tensor(8.) */
export function fftn(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(505, h(input)));
  readOptions('fftn', OPTIONS_1, options);
  return wrap(call(505, h(input), options.s, options.dim, options.norm));
}

/** Puts frequency 0 in the middle.
 *  Shape: any, unchanged.
 *
 *  `fft_fftshift(Tensor self, int[1]? dim=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.fftshift.html
 *  @example
 *  fft.fftshift(tensor([0, 1, 2, -2, -1])); // tensor([-2., -1.,  0.,  1.,  2.]) */
export function fftshift(input: Tensor, options?: { dim?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(506, h(input)));
  readOptions('fftshift', OPTIONS_3, options);
  return wrap(call(506, h(input), options.dim));
}

/** The transform of a signal whose second half mirrors its first, which is real.
 *  Shape: [*, N] -> [*, 2 * (N - 1)].
 *
 *  `fft_hfft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.hfft.html
 *  @example
 *  fft.hfft(tensor([1, 0, 0])); // tensor([1., 1., 1., 1.]) */
export function hfft(input: Tensor, options?: { n?: number | undefined; dim?: number | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(507, h(input)));
  readOptions('hfft', OPTIONS_0, options);
  return wrap(call(507, h(input), options.n, options.dim, options.norm));
}

/** `fft_hfft2(Tensor self, int[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.hfft2.html */
export function hfft2(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(508, h(input)));
  readOptions('hfft2', OPTIONS_1, options);
  return wrap(call(508, h(input), options.s, options.dim, options.norm));
}

/** `fft_hfftn(Tensor self, int[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.hfftn.html */
export function hfftn(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(509, h(input)));
  readOptions('hfftn', OPTIONS_1, options);
  return wrap(call(509, h(input), options.s, options.dim, options.norm));
}

/** Undoes `fft.fft`.
 *  Shape: any, unchanged.
 *
 *  `fft_ifft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.ifft.html
 *  @example
 *  fft.ifft(fft.fft(tensor([1, 2, 3, 4]))).real; // tensor([1., 2., 3., 4.]) */
export function ifft(input: Tensor, options?: { n?: number | undefined; dim?: number | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(510, h(input)));
  readOptions('ifft', OPTIONS_0, options);
  return wrap(call(510, h(input), options.n, options.dim, options.norm));
}

/** Undoes `fft.fft2`.
 *  Shape: [*, N, M], unchanged.
 *
 *  `fft_ifft2(Tensor self, int[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.ifft2.html
 *  @example
 *  fft.ifft2(fft.fft2(tensor([[1, 2], [3, 4]]))).real; // tensor([[1., 2.], [3., 4.]]) */
export function ifft2(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(511, h(input)));
  readOptions('ifft2', OPTIONS_1, options);
  return wrap(call(511, h(input), options.s, options.dim, options.norm));
}

/** Undoes `fft.fftn`.
 *  Shape: any, unchanged.
 *
 *  `fft_ifftn(Tensor self, int[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.ifftn.html
 *  @example
 *  fft.ifftn(fft.fftn(tensor([[1, 2], [3, 4]]))).real; // tensor([[1., 2.], [3., 4.]]) */
export function ifftn(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(512, h(input)));
  readOptions('ifftn', OPTIONS_1, options);
  return wrap(call(512, h(input), options.s, options.dim, options.norm));
}

/** Puts frequency 0 back to the front.
 *  Shape: any, unchanged.
 *
 *  `fft_ifftshift(Tensor self, int[1]? dim=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.ifftshift.html
 *  @example
 *  fft.ifftshift(tensor([-2, -1, 0, 1, 2])); // tensor([ 0.,  1.,  2., -2., -1.]) */
export function ifftshift(input: Tensor, options?: { dim?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(513, h(input)));
  readOptions('ifftshift', OPTIONS_3, options);
  return wrap(call(513, h(input), options.dim));
}

/** Undoes `fft.hfft`.
 *  Shape: [*, N] -> [*, floor(N / 2) + 1].
 *
 *  `fft_ihfft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.ihfft.html
 *  @example
 *  fft.ihfft(ones([4])).real; // tensor([1., 0., 0.]) */
export function ihfft(input: Tensor, options?: { n?: number | undefined; dim?: number | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(514, h(input)));
  readOptions('ihfft', OPTIONS_0, options);
  return wrap(call(514, h(input), options.n, options.dim, options.norm));
}

/** `fft_ihfft2(Tensor self, int[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.ihfft2.html */
export function ihfft2(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(515, h(input)));
  readOptions('ihfft2', OPTIONS_1, options);
  return wrap(call(515, h(input), options.s, options.dim, options.norm));
}

/** `fft_ihfftn(Tensor self, int[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.ihfftn.html */
export function ihfftn(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(516, h(input)));
  readOptions('ihfftn', OPTIONS_1, options);
  return wrap(call(516, h(input), options.s, options.dim, options.norm));
}

/** Undoes `fft.rfft`; `n` is the length of the signal, by default even.
 *  Shape: [*, N] -> [*, 2 * (N - 1)].
 *
 *  `fft_irfft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.irfft.html
 *  @example
 *  fft.irfft(fft.rfft(tensor([1, 2, 3, 4]))); // tensor([1., 2., 3., 4.]) */
export function irfft(input: Tensor, options?: { n?: number | undefined; dim?: number | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(517, h(input)));
  readOptions('irfft', OPTIONS_0, options);
  return wrap(call(517, h(input), options.n, options.dim, options.norm));
}

/** Undoes `fft.rfft2`.
 *  Shape: [*, M, N] -> [*, M, 2 * (N - 1)].
 *
 *  `fft_irfft2(Tensor self, int[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.irfft2.html
 *  @example
 *  fft.irfft2(fft.rfft2(tensor([[1, 2], [3, 4]]))); // tensor([[1., 2.], [3., 4.]]) */
export function irfft2(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(518, h(input)));
  readOptions('irfft2', OPTIONS_1, options);
  return wrap(call(518, h(input), options.s, options.dim, options.norm));
}

/** Undoes `fft.rfftn`.
 *  Shape: [*, N] -> [*, 2 * (N - 1)].
 *
 *  `fft_irfftn(Tensor self, int[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.irfftn.html
 *  @example
 *  fft.irfftn(fft.rfftn(tensor([[1, 2], [3, 4]]))); // tensor([[1., 2.], [3., 4.]]) */
export function irfftn(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(519, h(input)));
  readOptions('irfftn', OPTIONS_1, options);
  return wrap(call(519, h(input), options.s, options.dim, options.norm));
}

/** The transform of a real signal: only the first half, of which the rest is the mirror image.
 *  Shape: [*, N] -> [*, floor(N / 2) + 1].
 *
 *  `fft_rfft(Tensor self, int? n=None, int dim=-1, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.rfft.html
 *  @example
 *  fft.rfft(tensor([3, 1, 1, 1])).real; // tensor([6., 2., 2.]) */
export function rfft(input: Tensor, options?: { n?: number | undefined; dim?: number | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(520, h(input)));
  readOptions('rfft', OPTIONS_0, options);
  return wrap(call(520, h(input), options.n, options.dim, options.norm));
}

/** The transform of real numbers along the last two dimensions, of which half the last one is kept.
 *  Shape: [*, M, N] -> [*, M, floor(N / 2) + 1].
 *
 *  `fft_rfft2(Tensor self, int[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.rfft2.html
 *  @example
 *  fft.rfft2(ones([4, 4])).shape; // [4, 3] */
export function rfft2(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(521, h(input)));
  readOptions('rfft2', OPTIONS_1, options);
  return wrap(call(521, h(input), options.s, options.dim, options.norm));
}

/** The frequencies that `fft.rfft` gives the shares of, in cycles, for samples `d` apart.
 *  Shape: [floor(n / 2) + 1].
 *
 *  `fft_rfftfreq(int n, float d=1., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.rfftfreq.html
 *  @example
 *  fft.rfftfreq(4); // tensor([0.0000, 0.2500, 0.5000]) */
export function rfftfreq(n: number, options?: { d?: number | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(522, n));
  readOptions('rfftfreq', OPTIONS_2, options);
  return tracked(wrap(call(522, n, options.d, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
}

/** The transform of real numbers along several dimensions, of which half the last one is kept.
 *  Shape: [*, N] -> [*, floor(N / 2) + 1].
 *
 *  `fft_rfftn(Tensor self, int[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fft.rfftn.html
 *  @example
 *  fft.rfftn(ones([2, 4, 6])).shape; // [2, 4, 4] */
export function rfftn(input: Tensor, options?: { s?: number | readonly number[] | undefined; dim?: number | readonly number[] | undefined; norm?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(523, h(input)));
  readOptions('rfftn', OPTIONS_1, options);
  return wrap(call(523, h(input), options.s, options.dim, options.norm));
}
