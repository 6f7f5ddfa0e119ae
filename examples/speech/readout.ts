// From the core's features to letters: a readout of the user's own, and what it is trained by.
import { nn, type Tensor } from 'sconce';
import { Readout } from 'sconce/multidataset';

/** A score of each letter, and of CTC's blank, for every column of the features: [B, C, T, F] -> [B, T, letters]. */
export class LetterReadout extends Readout {
  readonly nUnits: number;
  readonly linear: nn.Linear;

  constructor({ inChannels, nUnits }: { readonly inChannels: number; readonly nUnits: number }) {
    super();
    this.nUnits = nUnits;
    this.linear = new nn.Linear(inChannels, nUnits);
  }

  override forward(features: Tensor): Tensor {
    const columns = features.mean({ dim: [3] }).transpose(1, 2); // [B, T, C]
    return this.linear.forward(columns);
  }
}
