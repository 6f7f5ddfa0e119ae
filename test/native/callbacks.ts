// Graphs that call TypeScript from backward, at every place from which the engine does; for tests of what ends meanwhile.
import {
  AutogradFunction,
  checkpoint,
  enableGrad,
  type FunctionContext,
  grad,
  ones,
  savedTensorsHooks,
  type Tensor,
} from '../../src/index.ts';

/** How much inside of callbacks something happens: `inside` runs once in each. */
export type Place = (typeof PLACES)[number];
export const PLACES = ['backward', 'hook', 'unpack', 'checkpoint', 'nested', 'second order'] as const;

function functionWith(backward: (gradient: Tensor) => Tensor): (x: Tensor) => Tensor {
  class Calling extends AutogradFunction {
    static forward(ctx: FunctionContext<[Tensor]>, x: Tensor): Tensor {
      ctx.saveForBackward(x);
      return x.mul(2);
    }
    static backward(_: FunctionContext<[Tensor]>, gradient: Tensor): Tensor {
      return backward(gradient);
    }
  }
  return (x) => Calling.apply(x);
}

/** A graph whose backward calls `inside` at the place, between nodes of libtorch. */
const makers: Readonly<Record<Place, (x: Tensor, inside: () => void) => Tensor>> = {
  backward: (x, inside) =>
    functionWith((gradient) => {
      inside();
      return gradient.mul(2);
    })(x),
  hook: (x, inside) => {
    const y = x.mul(2);
    y.registerHook((gradient) => {
      inside();
      return gradient;
    });
    return y;
  },
  unpack: (x, inside) => {
    const unpack = (packed: Tensor): Tensor => {
      inside();
      return packed;
    };
    return savedTensorsHooks({ pack: (saved) => saved, unpack }, () => x.exp());
  },
  checkpoint: (x, inside) => {
    let isAgain = false;
    const y = checkpoint(
      (given) => {
        if (isAgain) inside();
        return given.exp().sin();
      },
      [x],
    );
    isAgain = true;
    return y;
  },
  nested: (x, inside) =>
    functionWith((gradient) => {
      const leaf = ones([2], { requiresGrad: true });
      enableGrad(() =>
        makers
          .hook(
            makers.backward(leaf, () => {}),
            inside,
          )
          .sum(),
      ).backward();
      return gradient.mul(2);
    })(x),
  'second order': (x, inside) => {
    const [first] = grad(
      [
        makers
          .hook(x, () => {})
          .exp()
          .sum(),
      ],
      [x],
      { createGraph: true },
    ) as [Tensor];
    return makers.backward(first, inside);
  },
};

export function makeGraph(place: Place, inside: () => void): Tensor {
  const x = ones([2], { requiresGrad: true }).mul(1);
  return makers[place](x, inside).sin().sum();
}
