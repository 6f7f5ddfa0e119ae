// The data sets that a workflow can name, and what each takes.

import { type Collection, FASHION_MNIST, MNIST } from '../data/pictures.ts';

/** Where samples come from. */
export type DataKind = 'pictures' | 'digits' | 'synthetic' | 'table' | 'text';

export interface DataEntry {
  readonly kind: DataKind;
  /** What `sconce adaptive train --list-datasets` says of it. */
  readonly about: string;
  /** Names of `dataset_params`, in camelCase. */
  readonly params: readonly string[];
  /** Of pictures: the files. */
  readonly collection?: Collection;
  /** The column with the classes, if nothing says it. */
  readonly target?: string;
  /** The column with the text. */
  readonly text?: string;
}

const PICTURES = ['channels'];
const TABLE = ['target', 'inputs', 'text'];

export const DATA_ENTRIES: Readonly<Record<string, DataEntry>> = {
  mnist: {
    kind: 'pictures',
    about:
      'handwritten digits, 28 x 28 pixels: a folder with its four IDX files (default: data, as torchvision fills it)',
    collection: MNIST,
    params: PICTURES,
  },
  fashion_mnist: {
    kind: 'pictures',
    about: "pieces of clothing, 28 x 28 pixels: a folder with its four IDX files (default: that of Debian's package)",
    collection: FASHION_MNIST,
    params: PICTURES,
  },
  digits: {
    kind: 'digits',
    about: "handwritten digits, 8 x 8 pixels: scikit-learn's digits.csv.gz (default: that of an installed one)",
    params: PICTURES,
  },
  synthetic: {
    kind: 'synthetic',
    about: 'a random pattern for each class, with noise: made, not read',
    params: ['numSamples', 'noise'],
  },
  csv: {
    kind: 'table',
    about: 'rows of numbers and words, or of text, with a column of classes: a CSV file',
    params: TABLE,
    target: 'label',
  },
  annomi: {
    kind: 'text',
    about: 'motivational interviewing: the CSV file of Kaggle, text and label',
    params: TABLE,
    ...{ target: 'label', text: 'text' },
  },
  mental_health: {
    kind: 'text',
    about: 'questions on mental health: the CSV file of Kaggle, question and category',
    params: TABLE,
    ...{ target: 'category', text: 'question' },
  },
  vr_driving: {
    kind: 'table',
    about: 'driving in a simulator: a CSV file with the column performance',
    params: TABLE,
    target: 'performance',
  },
  autvi: {
    kind: 'table',
    about: 'inspections of vehicles: a CSV file with the column inspection_result',
    params: TABLE,
    target: 'inspection_result',
  },
  digakust: {
    kind: 'table',
    about: 'acoustic measurements: a CSV file with the column classification',
    params: TABLE,
    target: 'classification',
  },
};

/** Data sets of adaptiveneuralnetwork that a workflow cannot read, and what to do in their place. */
export const MISSING_DATA: Readonly<Record<string, string>> = {
  cifar10:
    'nothing is downloaded, and its files are pickles: write its pictures as files in folders, and train on them with the part image-folder by sconce train',
  pos_tagging:
    'a class for each word of a sentence is no row with one class: train it by a program, or by sconce train',
};
