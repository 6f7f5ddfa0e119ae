// Sconce's side of transforms.mjs: requests on standard input, a line of JSON each, and replies.
import { createInterface } from 'node:readline';
import { arange, Generator, randint, scope, setNumThreads, stack } from 'sconce';
import { transforms as T } from 'sconce/data';

setNumThreads(1);
const NORMAL = [
  [0.485, 0.456, 0.406],
  [0.229, 0.224, 0.225],
];
const PIPELINES = {
  flip: () => [new T.RandomHorizontalFlip()],
  'crop, flip, scale, normalize': (edge) => [
    new T.RandomCrop(edge, { padding: edge / 8 }),
    new T.RandomHorizontalFlip(),
    new T.ToDtype('float32', { scale: true }),
    new T.Normalize(...NORMAL),
  ],
  RandomResizedCrop: (edge) => [new T.RandomResizedCrop(edge)],
  RandomRotation: () => [new T.RandomRotation(30)],
  'RandomAffine, bilinear': () => [
    new T.RandomAffine(20, { translate: [0.1, 0.1], scale: [0.8, 1.2], shear: 10, interpolation: 'bilinear' }),
  ],
  RandomPerspective: () => [new T.RandomPerspective({ p: 1 })],
  ColorJitter: () => [new T.ColorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 })],
  RandomGrayscale: () => [new T.RandomGrayscale({ p: 0.2 })],
  GaussianBlur: () => [new T.GaussianBlur(5)],
  RandomErasing: () => [new T.RandomErasing()],
  RandAugment: () => [new T.RandAugment()],
  TrivialAugmentWide: () => [new T.TrivialAugmentWide()],
  MixUp: () => [new T.ToDtype('float32', { scale: true }), new T.MixUp({ numClasses: 10 })],
  CutMix: () => [new T.CutMix({ numClasses: 10 })],
};

let position = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { name, edge, count, repeats } = JSON.parse(line);
  const transform = T.compose(PIPELINES[name](edge));
  const ms = scope(() => {
    const all = randint(0, 256, [count, 3, edge, edge], { dtype: 'uint8', generator: new Generator(1) });
    const samples = Array.from({ length: count }, (_, row) => all.select(0, row).clone());
    const label = arange(count).remainder(10);
    const indices = Int32Array.from({ length: count }, (_, row) => row);
    const began = process.cpuUsage();
    for (let repeat = 0; repeat < repeats; repeat++) {
      const context = { seed: 7, epoch: 0, position: position++, indices };
      scope(() => void transform({ image: stack(samples), label }, { ...context, seed: position }));
    }
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000 / repeats;
  });
  console.log(JSON.stringify({ ms }));
}
