// Between red, green, blue and hue, saturation, value. Cases are chosen by factors of 0 and 1, which leave the bits of the chosen number as they are, and
// those come of arithmetic: comparisons, `where` and `gather`, by which torchvision chooses, take ten times as long as a product. What is made in between is
// freed at once, so that the next operator finds its memory in the cache.
import { scope, type Tensor } from '../../../tensor/index.ts';
import { stack } from '../../../tensor/ops.generated.ts';

/** What is left of x without its whole part. Rule: as fmod(1) for x from 0 on, as remainder(1) for all. */
export function fraction(x: Tensor): Tensor {
  return scope(() => x.sub(x.floor()));
}

/** 1 - x. */
function rest(x: Tensor): Tensor {
  return scope(() => x.neg().add(1));
}

/** 1 where `distance`, from 0 on, is 0; else 0. */
function isZero(distance: Tensor): Tensor {
  return scope(() => rest(distance.sign()));
}

/** 1 where `sector`, a whole number, is `which`; else 0. */
function isSector(sector: Tensor, which: number): Tensor {
  return scope(() => rest(sector.sub(which).abs()).clamp({ min: 0 }));
}

/** The one value whose factor is 1. */
function choose(...cases: readonly (readonly [value: Tensor, factor: Tensor])[]): Tensor {
  let sum: Tensor | undefined;
  for (const [value, factor] of cases) {
    const before = sum;
    sum = scope(() => (before ? before.add(value.mul(factor)) : value.mul(factor)));
    before?.dispose();
  }
  return sum!; // nobody chooses among no cases
}

type Planes = readonly [Tensor, Tensor, Tensor];

/** Shape: [N, 3, H, W] from 0 to 1 -> three of [N, H, W]. Source: Pillow's Convert.c, by way of torchvision. */
export function rgbToHsv(image: Tensor): readonly [hue: Tensor, saturation: Tensor, value: Tensor] {
  const [red, green, blue] = image.unbind({ dim: -3 }) as unknown as Planes;
  const high = scope(() => red.maximum(green).maximum(blue));
  const range = scope(() => high.sub(red.minimum(green).minimum(blue)));
  const isGrey = isZero(range);
  const saturation = scope(() => range.div(high.add(rest(high).mul(isGrey)))); // by 1 where it is grey: 0, and no NaN, also not in gradients
  const hue = scope(() => {
    const divisor = range.add(isGrey);
    const distances = [red, green, blue].map((channel) => high.sub(channel)) as unknown as Planes;
    const isRed = isZero(distances[0]);
    const isGreen = scope(() => isZero(distances[1]).mul(rest(isRed)));
    const isBlue = scope(() => rest(isRed).sub(isGreen));
    const [fromRed, fromGreen, fromBlue] = distances.map((distance) => distance.div(divisor)) as unknown as Planes;
    const turn = choose(
      [fromBlue.sub(fromGreen), isRed],
      [scope(() => fromRed.add(2).sub(fromBlue)), isGreen],
      [scope(() => fromGreen.add(4).sub(fromRed)), isBlue],
    );
    return fraction(turn.mul(1 / 6).add(1));
  });
  return [hue, saturation, high];
}

/** Shape: three of [N, H, W] -> [N, 3, H, W]. */
export function hsvToRgb(hue: Tensor, saturation: Tensor, value: Tensor): Tensor {
  const sixth = hue.mul(6);
  const sector = sixth.floor(); // 0 to 5, and 6 where a hue just below 1 was rounded up: as 0
  const within = (x: Tensor): Tensor => x.mul(value).clamp({ min: 0, max: 1 });
  const [p, q, t] = scope((): Planes => {
    const sf = saturation.mul(sixth.sub(sector));
    const pale = rest(saturation);
    return [scope(() => within(pale)), scope(() => within(rest(sf))), scope(() => within(sf.add(pale)))];
  });
  const [is1, is2, is3, is4, is5] = [1, 2, 3, 4, 5].map((which) => isSector(sector, which)) as unknown as readonly [
    ...Planes,
    Tensor,
    Tensor,
  ];
  const others = (...factors: Tensor[]): Tensor => scope(() => rest(factors.reduce((sum, one) => sum.add(one))));
  const red = scope(() => choose([value, others(is1, is2, is3, is4)], [q, is1], [p, is2.add(is3)], [t, is4]));
  const green = scope(() =>
    choose([t, others(is1, is2, is3, is4, is5)], [value, is1.add(is2)], [q, is3], [p, is4.add(is5)]),
  );
  const blue = scope(() => choose([p, others(is2, is3, is4, is5)], [t, is2], [value, is3.add(is4)], [q, is5]));
  return stack([red, green, blue], { dim: -3 });
}
