// Calls the engine inside hooks, on the graph that waits for the hook and on others; prints how each ended, as JSON.
import { checkpoint, enableGrad, grad, ones, savedTensorsHooks, type Tensor } from '../../../src/index.ts';
import { getNative } from '../../../src/tensor/call.ts';

const leaf = (): Tensor => ones([2], { requiresGrad: true });

const uses: Readonly<Record<string, () => unknown>> = {
  'backward while the same graph unpacks': () => {
    const x = leaf();
    let y = x;
    y = savedTensorsHooks(
      {
        pack: (saved) => saved,
        unpack: (packed) => {
          enableGrad(() => y.sum()).backward(undefined, { retainGraph: true });
          return packed;
        },
      },
      () => x.mul(x),
    );
    y.sum().backward();
    return x.grad?.sum().item();
  },
  'grad of the same graph while it unpacks': () => {
    const x = leaf();
    let y = x;
    y = savedTensorsHooks({ pack: (saved) => saved, unpack: () => grad([enableGrad(() => y.sum())], [x])[0]! }, () =>
      x.exp(),
    );
    y.sum().backward();
    return x.grad?.sum().item();
  },
  'backward into the leaf that has just had its gradient': () => {
    const x = leaf();
    x.registerPostAccumulateGradHook(() => enableGrad(() => x.mul(2).sum()).backward());
    x.mul(3).sum().backward();
    return x.grad?.sum().item();
  },
  'backward into another leaf': () => {
    const [x, other] = [leaf(), leaf()];
    x.registerPostAccumulateGradHook(() => enableGrad(() => other.mul(2).sum()).backward());
    x.mul(3).sum().backward();
    return other.grad?.sum().item();
  },
  'grad of the leaf that has just had its gradient': () => {
    const x = leaf();
    let slope: number | undefined;
    x.registerPostAccumulateGradHook(() => {
      slope = grad([enableGrad(() => x.mul(2).sum())], [x])[0]
        ?.sum()
        .item();
    });
    x.mul(3).sum().backward();
    return slope;
  },
  'grad inside a checkpoint that runs again': () => {
    const x = leaf();
    const y = checkpoint(
      (input) => {
        const square = input.mul(input);
        return grad([square.sum()], [input], { createGraph: true })[0]!.mul(square);
      },
      [x],
    );
    y.sum().backward();
    return x.grad?.sum().item();
  },
};

const ends = [false, true].flatMap((isAside) => {
  getNative().runEngineAside(isAside);
  return Object.entries(uses).map(([name, use]) => {
    try {
      return [`${name}${isAside ? ', on another thread' : ''}`, use()];
    } catch (error) {
      return [
        `${name}${isAside ? ', on another thread' : ''}`,
        `${(error as Error).name}: ${(error as Error).message}`,
      ];
    }
  });
});
console.log(JSON.stringify(Object.fromEntries(ends)));
