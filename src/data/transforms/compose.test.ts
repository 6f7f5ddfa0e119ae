// `compose`: what it takes, who owns what, and its places in a loader and a dataset; and what transforms refuse to be made with.
import { describe, expect, it } from 'vitest';
import { Generator, keep, liveTensors, rand, scope, type Tensor, tensor, zeros } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { ArrayDataset, DataLoader, transforms as T, TensorDataset, TransformedDataset } from '../index.ts';

const contextOf = (count: number) => ({
  seed: 3,
  epoch: 0,
  position: 0,
  indices: Int32Array.from({ length: count }, (_, row) => row),
});
const flip = () => new T.RandomHorizontalFlip({ p: 1 });
const augment = () => [
  new T.RandomCrop(8, { padding: 2 }),
  new T.RandomHorizontalFlip(),
  new T.ColorJitter({ brightness: 0.5, hue: 0.1 }),
  new T.RandomErasing({ value: 'random' }),
];

describe('compose()', () => {
  it('changes the pictures of a tensor, an object and an array, and nothing else', () => {
    scope(() => {
      const image = rand([2, 1, 3, 4]);
      const turned = image.flip([-1]);
      const label = tensor([1, 2]);
      const change = T.compose([flip()]);
      expect(change(image, contextOf(2)).equal(turned)).toBe(true);
      const object = { image, label, name: ['a', 'b'] };
      const changed = change(object, contextOf(2));
      expect([changed.image.equal(turned), changed.label === label, changed.name]).toEqual([true, true, object.name]);
      expect(object.image).toBe(image);
      const [first, second] = change([image, label] as const, contextOf(2));
      expect([first.equal(turned), second === label]).toEqual([true, true]);
      const { pixels } = T.compose([flip()], { key: 'pixels' })({ pixels: image }, contextOf(2));
      expect(pixels.equal(turned)).toBe(true);
    });
  });

  it('finds labels under label, or under target where there is no label', () => {
    scope(() => {
      const mix = T.compose([new T.MixUp({ numClasses: 3 })]);
      const [image, target] = [rand([2, 1, 3, 4]), tensor([1n, 2n])];
      expect(mix({ image, target }, contextOf(2)).target.shape).toEqual([2, 3]);
      const both = mix({ image, label: target, target }, contextOf(2));
      expect([both.label.shape, both.target === target]).toEqual([[2, 3], true]);
    });
  });

  it('applies transforms and functions in their order', () => {
    scope(() => {
      const change = T.compose([(x) => x.mul(2), new T.Normalize([1], [2]), (x: Tensor) => x.add(5)]);
      expect(change(tensor([[[1, 2]]]), { seed: 0, epoch: 0 }).toArray()).toEqual([[[5.5, 6.5]]]);
    });
  });

  it('gives back what came where there is nothing to do', () => {
    scope(() => {
      const image = rand([2, 1, 3, 4]);
      expect(T.compose([])(image, contextOf(2))).toBe(image);
      expect(T.compose([new T.RandomVerticalFlip({ p: 0 })])({ image }, contextOf(2)).image).toBe(image);
    });
  });

  it('draws the same for the first transforms, whatever is added behind them', () => {
    scope(() => {
      const image = rand([4, 3, 12, 12]);
      const short = T.compose(augment().slice(0, 2))(image, contextOf(4));
      const long = T.compose([...augment().slice(0, 2), new T.RandomApply([(x) => x.mul(0)], { p: 0.5 })])(
        image,
        contextOf(4),
      );
      const isKept = long.eq(short).flatten({ startDim: 1 }).all({ dim: 1 }).toArray() as boolean[];
      expect(isKept.filter((kept) => kept).length).toBeGreaterThan(0);
      const sums = long.sum({ dim: [1, 2, 3] }).toArray() as number[];
      expect(isKept.map((kept, row) => kept || sums[row] === 0)).toEqual([true, true, true, true]);
    });
  });

  it('gives contiguous pictures, of large batches in parts the same as of small ones', () => {
    scope(() => {
      const image = rand([90, 3, 64, 64], { generator: new Generator(2) });
      const change = T.compose([...augment(), new T.CenterCrop(7)]);
      const whole = change(image, contextOf(90));
      expect(whole.stride).toEqual([147, 49, 7, 1]);
      const slots = Int32Array.of(80);
      const one = change(image.narrow(0, 80, 1), { ...contextOf(1), slots });
      expect(one.select(0, 0).equal(whole.select(0, 80))).toBe(true);
    });
  });

  it('passes gradients', () => {
    scope(() => {
      const image = rand([2, 3, 6, 6]).requiresGrad_();
      const change = T.compose([
        flip(),
        new T.ColorJitter({ contrast: 0.4, saturation: 0.4 }),
        new T.Normalize([0.5], [0.2]),
      ]);
      change(image, contextOf(2)).sum().backward();
      expect(image.grad!.abs().sum().item()).toBeGreaterThan(0);
    });
  });

  it('frees what it made where a step fails', () => {
    const image = rand([2, 3, 6, 6]);
    const alive = settledTensors();
    const fail = (): Tensor => {
      throw new Error('no');
    };
    expect(() => T.compose([flip(), fail])(image, contextOf(2))).toThrow('no');
    expect(liveTensors()).toBe(alive);
    image.dispose();
  });

  const images = keep(zeros([2, 3, 4, 4]));
  const REFUSED: Readonly<Record<string, readonly [call: () => unknown, message: string]>> = {
    'what is no transform': [
      () => T.compose([flip(), {} as never]),
      'Cannot make a pipeline of transforms: transforms[1]: expected a transform or a function, got a Object',
    ],
    'an unknown option': [
      () => T.compose([], { keys: 'x' } as never),
      'Cannot make a pipeline of transforms: keys: expected one of the options key, target, got an unknown one',
    ],
    'a batch without pictures': [
      () => T.compose([flip()])({ picture: images }, contextOf(2)),
      'Cannot transform pictures: expected a batch with "image", got one with picture; the options key and target of compose name others',
    ],
    'a batch that is a number': [
      () => T.compose([flip()])(5, contextOf(2)),
      'Cannot transform pictures: expected a batch with "image", got 5; the options key and target of compose name others',
    ],
    'another number of pictures': [
      () => T.compose([flip()])(images, contextOf(3)),
      'Cannot transform pictures: expected pictures [3, C, H, W], got [2, 3, 4, 4]',
    ],
    'pictures without channels': [
      () => T.compose([flip()])(zeros([2, 4, 4]), contextOf(2)),
      'Cannot transform pictures: expected pictures [2, C, H, W], got [2, 4, 4]; unsqueeze(1) gives pictures a channel',
    ],
    'a batch with the context of a sample': [
      () => T.compose([flip()])(images, { seed: 0, epoch: 0 }),
      'Cannot transform pictures: expected a picture [C, H, W], got [2, 3, 4, 4]',
    ],
    'no context': [
      () => (T.compose([flip()]) as (x: unknown) => unknown)(images),
      'Cannot transform pictures: expected the context of a batch or a sample with its seed, got undefined; a pipeline inside of another is spread into its list',
    ],
    'a pipeline inside of another': [
      () => T.compose([T.compose([flip()]) as never])(images, contextOf(2)),
      'a pipeline inside of another is spread into its list',
    ],
    'a function that gives something else': [
      () => T.compose([function total(x: Tensor) { return x.sum(); }])(images, contextOf(2)), // biome-ignore format: one line
      'Cannot apply total: expected pictures [2, C, H, W] as its result, got []',
    ],
    'pictures smaller than a crop': [
      () => T.compose([new T.RandomCrop(6)])(images, contextOf(2)),
      'Cannot apply RandomCrop: expected pictures of at least [6, 6] with their padding, got [4, 4]; padIfNeeded pads them',
    ],
    'a change of size for some pictures only': [
      () => T.compose([new T.RandomApply([new T.Resize(8)], { p: 0.5 })])(zeros([9, 3, 4, 4]), contextOf(9)),
      'Cannot apply RandomApply: expected all pictures of a batch to have one dtype and shape, got',
    ],
    'random colours of bytes': [
      () => T.compose([new T.RandomErasing({ p: 1, value: 'random' })])(images.to('uint8'), contextOf(2)),
      'Cannot apply RandomErasing: expected pictures of a floating dtype for the value "random", got uint8; ToDtype comes before',
    ],
    'a colour of two channels': [
      () => T.compose([new T.RandomErasing({ value: [1, 2] })])(images, contextOf(2)),
      'Cannot apply RandomErasing: expected a value for each of 3 channels, got 2',
    ],
    'pictures of one row to tilt': [
      () => T.compose([new T.RandomPerspective()])(zeros([2, 3, 1, 4]), contextOf(2)),
      'Cannot apply RandomPerspective: expected pictures of at least [2, 2], got [1, 4]',
    ],
  };
  it.each(Object.entries(REFUSED))('refuses %s', (_, [call, message]) => {
    scope(() => {
      expect(call).toThrow(message);
    });
  });
});

describe('constructors of transforms', () => {
  const REFUSED: Readonly<Record<string, readonly [make: () => unknown, message: string]>> = {
    RandomCrop: [
      () => new T.RandomCrop(2.5, { padding: -1, fill: 'red', paddingMode: 'mirror', pad: 1 } as never),
      `Cannot make a RandomCrop: 5 problems
  - pad: expected one of the options padding, padIfNeeded, fill, paddingMode, got an unknown one
  - size: expected size to be a whole number of pixels above 0, or [height, width], got 2.5
  - padding: expected padding of whole pixels from 0 on, one number, [horizontal, vertical] or [left, top, right, bottom], got -1
  - fill: expected fill to be a number or one a channel, got "red"
  - paddingMode: expected one of constant, edge, reflect, symmetric, got mirror`,
    ],
    CenterCrop: [
      () => new T.CenterCrop(0),
      'size: expected size to be a whole number of pixels above 0, or [height, width], got 0',
    ],
    RandomResizedCrop: [
      () => new T.RandomResizedCrop(4, { scale: [1, 0.5] }),
      'scale: expected [low, high], low first, got [1, 0.5]',
    ],
    'RandomResizedCrop of scale 0': [
      () => new T.RandomResizedCrop(4, { scale: [0, 1] }),
      'scale: expected numbers above 0, got [0, 1]',
    ],
    RandomHorizontalFlip: [
      () => new T.RandomHorizontalFlip({ p: 1.5 }),
      'p: expected a probability from 0 to 1, got 1.5',
    ],
    RandomVerticalFlip: [
      () => new T.RandomVerticalFlip({ p: Number.NaN }),
      'p: expected a probability from 0 to 1, got NaN',
    ],
    Resize: [() => new T.Resize([4, 4], { maxSize: 8 }), 'maxSize: expected none beside a size [height, width], got 8'],
    'Resize to nothing': [
      () => new T.Resize(undefined),
      'maxSize: expected a whole number above 0 where there is no size, got none',
    ],
    Pad: [() => new T.Pad([1, 2, 3] as never), 'padding: expected padding of whole pixels'],
    RandomRotation: [() => new T.RandomRotation([10, -10]), 'degrees: expected [low, high], low first, got [10, -10]'],
    'RandomRotation, expand': [
      () => new T.RandomRotation(10, { expand: true } as never),
      'expand: expected one of the options',
    ],
    RandomAffine: [
      () => new T.RandomAffine(0, { translate: [2, 0], scale: [0, 1], shear: [1] as never }),
      'Cannot make a RandomAffine: 3 problems',
    ],
    RandomPerspective: [
      () => new T.RandomPerspective({ distortionScale: 2 }),
      'distortionScale: expected a share from 0 to 1, got 2',
    ],
    ColorJitter: [
      () => new T.ColorJitter({ brightness: -1, contrast: [2, 1], hue: 0.6 }),
      'Cannot make a ColorJitter: 3 problems',
    ],
    Grayscale: [() => new T.Grayscale({ numOutputChannels: 2 as never }), 'numOutputChannels: expected 1 or 3, got 2'],
    RandomPosterize: [() => new T.RandomPosterize(9), 'bits: expected a whole number from 0 to 8, got 9'],
    RandomSolarize: [() => new T.RandomSolarize('x' as never), 'threshold: expected a number, got x'],
    RandomAdjustSharpness: [
      () => new T.RandomAdjustSharpness(-1),
      'sharpnessFactor: expected a number from 0 on, got -1',
    ],
    GaussianBlur: [() => new T.GaussianBlur(4, { sigma: 0 }), 'Cannot make a GaussianBlur: '],
    Normalize: [() => new T.Normalize([0.5], [0]), 'std: expected std to be a list of numbers other than 0, got [0]'],
    ToDtype: [() => new T.ToDtype('float' as never), 'dtype: expected one of '],
    RandomErasing: [
      () => new T.RandomErasing({ scale: [0, 2] }),
      'scale: expected [low, high] within 0 to 1, low first, got [0, 2]',
    ],
    RandomApply: [() => new T.RandomApply([]), 'transforms: expected a list of at least one, got []'],
    'RandomApply of MixUp': [
      () => new T.RandomApply([new T.MixUp() as never]),
      'transforms[0]: expected a transform of pictures or a function, got MixUp',
    ],
    RandomChoice: [
      () => new T.RandomChoice([flip()], { p: [0] }),
      'p: expected 1 weights from 0 on, not all 0, got [0]',
    ],
    MixUp: [() => new T.MixUp({ alpha: 0, numClasses: 1.5 }), 'Cannot make a MixUp: 2 problems'],
    CutMix: [() => new T.CutMix({ alpha: Number.NaN }), 'alpha: expected a number above 0, got NaN'],
    RandAugment: [
      () => new T.RandAugment({ magnitude: 31 }),
      'magnitude: expected a whole number from 0 to 30, got 31',
    ],
    TrivialAugmentWide: [
      () => new T.TrivialAugmentWide({ numMagnitudeBins: 1 }),
      'numMagnitudeBins: expected a whole number from 2 on, got 1',
    ],
  };
  it.each(Object.entries(REFUSED))('refuse bad options: %s', (_, [make, message]) => {
    expect(make).toThrow(message);
  });
});

describe('a loader', () => {
  const columns = {
    image: rand([10, 3, 12, 12]),
    label: tensor(BigInt64Array.from({ length: 10 }, (_, row) => BigInt(row % 3))),
  };
  const dataset = new TensorDataset(columns);
  const loaderOf = () =>
    new DataLoader({
      dataset,
      batchSize: 4,
      shuffle: true,
      seed: 9,
      transform: T.compose([...augment(), new T.MixUp({ numClasses: 3 })]),
    });
  const played = async (loader: ReturnType<typeof loaderOf>): Promise<string[]> => {
    const batches: string[] = [];
    for await (const batch of loader) {
      batches.push(Buffer.from(batch.image.toBytes()).toString('base64') + String(batch.label.toArray()));
      batch.image.dispose();
      batch.label.dispose();
    }
    return batches;
  };

  it('plays the same augmented batches again, also from the middle of an epoch, and others in the next', async () => {
    const whole = await played(loaderOf());
    expect(whole.length).toBe(3);
    expect(await played(loaderOf())).toEqual(whole);
    const loader = loaderOf();
    for await (const batch of loader) {
      batch.image.dispose();
      batch.label.dispose();
      break;
    }
    const resumed = loaderOf();
    resumed.loadState(loader.state());
    expect(await played(resumed)).toEqual(whole.slice(1));
    const next = loaderOf();
    next.setEpoch(1);
    expect(await played(next)).not.toEqual(whole);
  });

  it('leaves nothing of the batches that it transforms', async () => {
    await played(loaderOf());
    const alive = settledTensors();
    await played(loaderOf());
    expect(liveTensors()).toBeLessThanOrEqual(alive); // what earlier tests left may be collected meanwhile
  });

  it('takes samples that a TransformedDataset has changed', async () => {
    const pictures = Array.from({ length: 4 }, () => ({ image: columns.image.select(0, 0), name: 'same' }));
    const changed = new TransformedDataset(new ArrayDataset(pictures), T.compose(augment()));
    const loader = new DataLoader({ dataset: changed, batchSize: 4, seed: 1 });
    for await (const { image, name } of loader) {
      expect([image.shape, name]).toEqual([[4, 3, 8, 8], ['same', 'same', 'same', 'same']]); // biome-ignore format: pairs
      expect(image.select(0, 0).equal(image.select(0, 1))).toBe(false);
      image.dispose();
    }
  });
});
