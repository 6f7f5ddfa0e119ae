// Pixels in memory, as encoders take them.

export interface Pixels {
  /** Row by row, the channels of a pixel side by side. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 1 is gray, 3 are red, green and blue; 2 and 4 have transparency behind. */
  readonly numChannels: number;
}
