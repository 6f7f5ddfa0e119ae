// What torchmetrics does not say: classes out of range, wrong shapes, dtypes and options, half precision as wide as its numbers, what is not a number.
import { describe, expect, it } from 'vitest';
import { tensor } from '../../tensor/index.ts';
import { Accuracy, AUROC, AveragePrecision, CalibrationError, ConfusionMatrix, F1Score, Precision } from '../index.ts';

const many = { task: 'multiclass', numClasses: 3 } as const;
const scores = tensor([
  [0.2, 0.5, 0.3],
  [0.7, 0.2, 0.1],
]);
const byMetric = {
  Accuracy: () => new Accuracy(many),
  ConfusionMatrix: () => new ConfusionMatrix(many),
  AUROC: () => new AUROC(many),
  'AUROC at thresholds': () => new AUROC({ ...many, thresholds: 5 }),
  CalibrationError: () => new CalibrationError(many),
};

describe.each(Object.entries(byMetric))('%s', (name, make) => {
  const label = name.split(' ')[0];
  const read = (metric: ReturnType<typeof make>): unknown => {
    const values = metric.compute();
    return metric instanceof ConfusionMatrix ? metric.matrices() : values;
  };

  it('finds classes out of range when it is read', () => {
    const metric = make();
    metric.update(scores, tensor([1n, 3n]));
    metric.update(scores, tensor([-1n, 0n]));
    expect(() => read(metric)).toThrow(
      `Cannot compute ${label}: expected classes from 0 to 2, got 2 targets outside of them; set ignoreIndex for targets that do not count`,
    );
  });

  it('refuses shapes and dtypes at once', () => {
    const metric = make();
    expect(() => metric.update(scores, tensor([1n]))).toThrow(
      new RegExp(
        `^Cannot update ${label}: expected scores \\[N, 3, …\\] with targets \\[N, …\\].*, got \\[2, 3\\] and \\[1\\]$`,
      ),
    );
    expect(() => metric.update(tensor([[1, 2]]), tensor([1n]))).toThrow('got [1, 2] and [1]');
    expect(() => metric.update(scores, tensor([1, 0]))).toThrow(
      `Cannot update ${label}: expected target of an integer dtype, got float32`,
    );
    expect(() => metric.update(tensor([[1n, 2n, 3n]]), tensor([1n]))).toThrow(
      `Cannot update ${label}: expected scores of classes of a floating dtype, got int64`,
    );
    expect(metric.compute()).toEqual({});
  });
});

describe('Accuracy', () => {
  it('finds predictions and labels out of range', () => {
    const accuracy = new Accuracy(many);
    accuracy.update(tensor([1n, 5n]), tensor([1n, 1n]));
    expect(() => accuracy.compute()).toThrow('expected classes from 0 to 2, got 1 predictions outside of them');
    const binary = new Accuracy({ task: 'binary' });
    binary.update(tensor([0.5, 0.9]), tensor([2n, 1n]));
    expect(() => binary.compute()).toThrow('expected classes from 0 to 1, got 1 targets outside of them');
    expect(() => new Accuracy(many).update(tensor([0.5, 0.2]), tensor([1n, 0n]))).toThrow(
      'Cannot update Accuracy: expected predicted classes of an integer dtype, got float32',
    );
  });

  it('takes targets of any integer dtype, and of bool', () => {
    for (const dtype of ['uint8', 'int8', 'int32', 'bool'] as const) {
      const accuracy = new Accuracy({ task: 'binary' });
      accuracy.update(tensor([0.9, 0.1, 0.9]), tensor([1, 0, 0]).to(dtype));
      expect(accuracy.compute().accuracy).toBeCloseTo(2 / 3, 15);
    }
  });

  it('compares half precision as wide as its numbers are', () => {
    const accuracy = new Accuracy({ task: 'binary' });
    accuracy.update(tensor([0.001, 3]).to('bfloat16'), tensor([1n, 1n])); // their sigmoid, in bfloat16, is 0.5 and more
    expect(accuracy.compute()).toEqual({ accuracy: 1 });
  });

  it('gives a value for each class by its name', () => {
    const accuracy = new Accuracy({ ...many, average: 'none', classNames: ['a', 'b', 'c'], name: 'found' });
    accuracy.update(scores, tensor([1n, 2n]));
    expect(accuracy.compute()).toEqual({ found_a: 0, found_b: 1, found_c: 0 });
    const top = new Accuracy({ ...many, topK: 2 });
    top.update(scores, tensor([2n, 2n]));
    expect(top.compute()).toEqual({ accuracy_top2: 0.5 });
  });

  it('takes an empty batch, and scores in which NaN is the greatest', () => {
    const accuracy = new Accuracy(many);
    accuracy.update(tensor([[0, 0, 0]]).narrow(0, 0, 0), tensor([0n]).narrow(0, 0, 0));
    expect(accuracy.compute()).toEqual({});
    accuracy.update(tensor([[0.1, Number.NaN, 0.2]]), tensor([1n]));
    expect(accuracy.compute()).toEqual({ accuracy: 1 });
  });

  it('loads no state of other options', () => {
    const state = new Accuracy(many);
    state.update(scores, tensor([0n, 1n]));
    expect(() => new Accuracy({ ...many, numClasses: 4 }).loadState(state.state())).toThrow(
      'Cannot load the state of Accuracy: expected int64 of shape [21] under "counts", got int64 of [18]; were the options the same?',
    );
  });

  it('refuses options, all at once', () => {
    const make = (options: object) => () => new Accuracy(options as never);
    expect(make({ task: 'multiclass', average: 'mean', tpoK: 2 })).toThrow(
      'Cannot make Accuracy: 2 problems\n  - average: expected one of "micro", "macro", "weighted", "none", got "mean"\n  - tpoK: expected one of task, numClasses, numLabels, ignoreIndex, classNames, name, threshold, topK, average, got an unknown option',
    );
    expect(make({})).toThrow(
      'Cannot make Accuracy: task: expected one of "binary", "multiclass", "multilabel", got none',
    );
    expect(make({ task: 'multiclass' })).toThrow(
      'numClasses: expected an integer of at least 2 with task "multiclass", got none',
    );
    expect(make({ task: 'binary', numClasses: 2, topK: 2, average: 'macro' })).toThrow(
      'Cannot make Accuracy: 2 problems\n  - numClasses: expected none with task "binary", got one\n  - topK: expected none with task "binary", got 2',
    );
    expect(make({ ...many, topK: 4 })).toThrow('topK: expected 3 classes at most, got 4');
    expect(make({ ...many, threshold: 0.5 })).toThrow('threshold: expected none with task "multiclass", got one');
    expect(make({ ...many, classNames: ['a'] })).toThrow('classNames: expected 3 names, got 1');
    expect(make({ ...many, zeroDivision: 1 })).toThrow('zeroDivision: expected one of');
    expect(() => new Precision({ ...many, zeroDivision: 2 as never })).toThrow(
      'zeroDivision: expected one of 0, 1, got 2',
    );
    expect(() => new AUROC({ ...many, average: 'micro' })).toThrow(
      'average: expected "macro", "weighted" or "none" with task "multiclass", got "micro"',
    );
    expect(() => new AUROC({ task: 'binary', thresholds: [0.5, 0.1] })).toThrow(
      'thresholds: expected an integer of at least 2, or a list',
    );
    expect(() => new CalibrationError({ task: 'multilabel' as never })).toThrow(
      'task: expected one of "binary", "multiclass", got "multilabel"',
    );
    expect(() => new CalibrationError({ ...many, name: 'x' } as never)).toThrow(
      'name: expected one of numClasses, ignoreIndex, task',
    );
    expect(() => new CalibrationError({ ...many, norms: [] })).toThrow(
      'norms: expected a list of "l1", "l2" and "max", got []',
    );
  });
});

describe('F1Score', () => {
  it('is 0 where everything is ignored', () => {
    const f1 = new F1Score({ ...many, ignoreIndex: -1 });
    f1.update(scores, tensor([-1n, -1n]));
    expect(f1.compute()).toEqual({ f1: 0 });
  });
});

describe('AveragePrecision', () => {
  it('is NaN where no class has one', () => {
    const precision = new AveragePrecision({ ...many, ignoreIndex: -1 });
    precision.update(scores, tensor([-1n, -1n]));
    expect(precision.compute()).toEqual({ average_precision: Number.NaN });
  });
});

describe('ConfusionMatrix', () => {
  it('names its rows and columns', () => {
    const confusion = new ConfusionMatrix({ task: 'multilabel', numLabels: 2, classNames: ['wet', 'cold'] });
    confusion.update(tensor([[0.9, 0.1]]), tensor([[0n, 0n]]));
    expect(confusion.compute()).toEqual({});
    expect(confusion.matrices()).toEqual({
      confusion_matrix_wet: {
        ...{ rows: ['not', 'wet'], columns: ['not', 'wet'], rowLabel: 'true', columnLabel: 'predicted' },
        values: [
          [0, 1],
          [0, 0],
        ],
      },
      confusion_matrix_cold: expect.objectContaining({
        values: [
          [1, 0],
          [0, 0],
        ],
      }),
    });
  });
});

describe('CalibrationError', () => {
  it('is NaN where a confidence is, and takes confidences of 0 and 1', () => {
    const make = (preds: number[]) => {
      const calibration = new CalibrationError({ task: 'binary', norms: ['l1', 'l2', 'max'] });
      calibration.update(tensor(preds), tensor(preds.map((_, i) => BigInt(i % 2))));
      return calibration.compute();
    };
    expect(make([0, 1, 0, 1])).toEqual({ ece: 0, rmsce: 0, mce: 0 });
    expect(make([1, 0])).toEqual({ ece: 1, rmsce: 1, mce: 1 });
    expect(make([0.2, Number.NaN])).toEqual({ ece: Number.NaN, rmsce: Number.NaN, mce: Number.NaN });
  });
});
