// Sounds as pictures: the logarithm of the energy in bands of a mel scale, a column every hundredth of a second.
import { matmul, noGrad, scope, stft, type Tensor, tensor } from 'sconce';

/** Frames of sound a second in Asterisk's files. */
export const SAMPLE_RATE = 8000;
/** Columns of a spectrogram a second. */
export const COLUMN_RATE = 100;
/** Bands of frequency. */
export const NUM_BANDS = 40;

const WINDOW = 256;

/** [frames] to [columns, bands], each band of the clip at mean 0 and deviation 1. */
export function logMel(waveform: Tensor, filters: Tensor, window: Tensor): Tensor {
  return noGrad(() =>
    scope(() => {
      const spectrum = stft(waveform, WINDOW, {
        ...{ hopLength: SAMPLE_RATE / COLUMN_RATE, window, center: true, padMode: 'reflect', returnComplex: true },
      });
      const energy = matmul(filters, spectrum.abs().square()); // [bands, columns]
      const bands = energy.add(1e-6).log().transpose(0, 1); // [columns, bands]
      const centred = bands.sub(bands.mean({ dim: [0], keepdim: true }));
      return centred
        .div(
          centred
            .square()
            .mean({ dim: [0], keepdim: true })
            .sqrt()
            .add(1e-3),
        )
        .contiguous();
    }),
  );
}

/** Triangles over the frequencies of a spectrum, equally wide in mel (2595 log10(1 + f / 700)): [bands, WINDOW / 2 + 1].
 *  Source: HTK's formula, as torchaudio.functional.melscale_fbanks has it by default. */
export function melFilters(): Tensor {
  const toMel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const toHertz = (mel: number): number => 700 * (10 ** (mel / 2595) - 1);
  const [low, high] = [toMel(60), toMel(SAMPLE_RATE / 2)];
  const corners = Array.from({ length: NUM_BANDS + 2 }, (_, i) => toHertz(low + ((high - low) * i) / (NUM_BANDS + 1)));
  const bins = Array.from({ length: WINDOW / 2 + 1 }, (_, i) => (i * SAMPLE_RATE) / WINDOW);
  return tensor(
    Array.from({ length: NUM_BANDS }, (_, band) => {
      const [left, middle, right] = [corners[band]!, corners[band + 1]!, corners[band + 2]!];
      return bins.map((hertz) =>
        Math.max(0, Math.min((hertz - left) / (middle - left), (right - hertz) / (right - middle))),
      );
    }),
  );
}
