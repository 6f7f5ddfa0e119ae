// What the library's machinery does not have of its own: a core over spectrograms, a readout that spells, and what both learn by.
import { nn, type Tensor } from 'sconce';
import { CharErrorRate, MeanMetric } from 'sconce/metrics';
import {
  createConvnet,
  type DatasetGroup,
  datasetOf,
  GroupMetrics,
  type NetworkMakers,
  Objective,
  type ObjectiveMetric,
  Readout,
} from 'sconce/multidataset';
import type { Alphabet } from './clips.ts';
import type { SpeechGroup } from './data.ts';

/** Columns of a spectrogram for each column of the features: the stride of the stem in model.ts. */
export const TIME_STRIDE = 2;

/** A 2-D core in the place of a 3-D one: [B, 1, T, F, 1] -> [B, C, T / TIME_STRIDE, F', 1]. */
class SpectrogramCore extends nn.Module {
  readonly core: nn.UnaryModule;

  constructor(core: nn.UnaryModule) {
    super();
    this.core = core;
  }

  override forward(stim: Tensor): Tensor {
    return this.core.forward(stim.squeeze({ dim: -1 })).unsqueeze(-1);
  }
}

/** A score of each letter, and of CTC's blank, for every column of the features: [B, C, T, F, 1] -> [B, T, letters]. */
export class LetterReadout extends Readout {
  readonly nUnits: number;
  readonly linear: nn.Linear;

  constructor(inChannels: number, nUnits: number) {
    super();
    this.nUnits = nUnits;
    this.linear = new nn.Linear(inChannels, nUnits);
  }

  override forward(features: Tensor): Tensor {
    return this.linear.forward(features.mean({ dim: [3, 4] }).transpose(1, 2));
  }
}

/** The types that model.ts names beside the library's. */
export const makers: NetworkMakers = {
  convnet: {
    spectrogram: (params, { inChannels }) => {
      const { module, outChannels } = createConvnet({ type: 'resnet', params: { dim: 2, ...params } }, { inChannels });
      return { module: new SpectrogramCore(module as nn.UnaryModule), outChannels };
    },
  },
  readout: { letters: (_params, { inChannels, nUnits }) => new LetterReadout(inChannels, nUnits) },
};

/** Columns of the features that have sound: behind them is padding. */
const columnsOf = ({ columns }: SpeechGroup): Tensor =>
  columns.add(TIME_STRIDE - 1).div(TIME_STRIDE, { roundingMode: 'floor' });

/** CTC: the likelihood of the letters, however they lie along the columns. `val_cer/{language}` is the share of letters that greedy decoding has wrong.
 *  Source: Graves et al. 2006. */
export class SpellingObjective extends Objective {
  readonly #alphabets: readonly Alphabet[];
  readonly #ctc = new nn.CTCLoss({ zeroInfinity: true });

  constructor(alphabets: readonly Alphabet[]) {
    super();
    this.#alphabets = alphabets;
  }

  override loss(scores: Tensor, group: DatasetGroup): Tensor {
    const { letters, numLetters } = group as SpeechGroup;
    const logProbs = scores.logSoftmax(-1).transpose(0, 1); // [T, B, letters]
    return this.#ctc.forward(logProbs, letters, columnsOf(group as SpeechGroup), numLetters);
  }

  override metric(): ObjectiveMetric {
    return new GroupMetrics(
      [new MeanMetric({ name: 'loss' }), (scores, group) => [this.loss(scores, group)]],
      [new CharErrorRate(), (scores, group) => [this.spell(scores, group), (group as SpeechGroup).text]],
    );
  }

  /** The texts of a group: the best letter of each column. */
  spell(scores: Tensor, group: DatasetGroup): string[] {
    const alphabet = this.#alphabets[datasetOf(group)]!;
    const columns = columnsOf(group as SpeechGroup).toArray() as number[];
    const best = scores.argmax({ dim: 2 }).to('float32').toArray() as number[][];
    return best.map((row, clip) => alphabet.decode(row.slice(0, Number(columns[clip]))));
  }
}
