// What threads.test.ts computes here and in workers.
import { Generator, nn, optim, randn, scope, withGenerator } from '../../src/index.ts';

/** Bytes of results of matrix products, convolutions, reductions and a training step, from one seed. */
export function products(): number[][] {
  return withGenerator(new Generator(1), () =>
    scope(() => {
      const [a, b] = [randn([150, 130]), randn([130, 170])];
      const model = new nn.Sequential(
        new nn.Conv2d(3, 8, 3),
        new nn.ReLU(),
        new nn.Flatten(),
        new nn.Linear(8 * 6 * 6, 5),
      );
      const optimizer = new optim.AdamW(model.parameters());
      for (let i = 0; i < 5; i++) {
        model
          .forward(randn([16, 3, 8, 8]))
          .pow(2)
          .mean()
          .backward();
        optimizer.step();
        optimizer.zeroGrad();
      }
      const results = [a.matmul(b), a.softmax(1).sum({ dim: [0] }), randn([100_000]).sum(), ...model.parameters()];
      return results.map((result) => [...result.toBytes()]);
    }),
  );
}

export function multiplyForever(started: () => void): never {
  const a = randn([1500, 1500], { generator: new Generator(1) });
  started();
  for (;;) scope(() => void a.matmul(a));
}
