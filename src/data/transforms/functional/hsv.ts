// Between red, green, blue and hue, saturation, value: torchvision's sequence of operators, without writing to views, so that gradients pass.

import { type Tensor, tensor } from '../../../tensor/index.ts';
import { floor, onesLike, stack, where } from '../../../tensor/ops.generated.ts';

/** Which of value, p, q and t each channel is, by the sixth of the colour circle. */
const SELECTION = [
  [0, 2, 1, 1, 3, 0],
  [3, 0, 0, 2, 1, 1],
  [1, 1, 3, 0, 0, 2],
];

/** Shape: [N, 3, H, W] from 0 to 1 -> three of [N, H, W]. Source: Pillow's Convert.c, by way of torchvision. */
export function rgbToHsv(image: Tensor): [hue: Tensor, saturation: Tensor, value: Tensor] {
  const [red, green] = image.unbind({ dim: -3 });
  const [low, high] = image.aminmax({ dim: -3 });
  const isGrey = high.eq(low);
  const range = high.sub(low);
  const one = onesLike(high);
  const saturation = range.div(where(isGrey, one, high));
  const divisor = where(isGrey, one, range).unsqueeze(-3); // 1 where the range is 0: no NaN, also not in gradients
  const [fromRed, fromGreen, fromBlue] = high.unsqueeze(-3).sub(image).div(divisor).unbind({ dim: -3 });
  const isNotRed = high.ne(red!);
  const isGreen = high.eq(green!);
  const hueGreen = fromRed!.add(2).sub(fromBlue!).mul(isGreen.logicalAnd(isNotRed));
  const hueRed = fromBlue!.sub(fromGreen!).mul(isNotRed.logicalNot());
  const hueBlue = fromGreen!.add(4).sub(fromRed!).mul(isNotRed.logicalAnd(isGreen.logicalNot()));
  const hue = hueRed.add(hueGreen).add(hueBlue);
  return [
    hue
      .mul(1 / 6)
      .add(1)
      .fmod(1),
    saturation,
    high,
  ];
}

/** Shape: three of [N, H, W] -> [N, 3, H, W]. */
export function hsvToRgb(hue: Tensor, saturation: Tensor, value: Tensor): Tensor {
  const sixth = hue.mul(6);
  const below = floor(sixth);
  const f = sixth.sub(below);
  const sector = below.to('int64').remainder(6);
  const sf = saturation.mul(f);
  const pale = saturation.neg().add(1);
  const q = sf.neg().add(1).mul(value).clamp({ min: 0, max: 1 });
  const t = sf.add(pale).mul(value).clamp({ min: 0, max: 1 });
  const p = pale.mul(value).clamp({ min: 0, max: 1 });
  const choices = stack([value, p, q, t], { dim: -3 });
  const table = tensor(BigInt64Array.from(SELECTION.flat().map(BigInt)))
    .to(hue.device)
    .view([3, 6]);
  const selected = table
    .indexSelect(1, sector.flatten())
    .view([3, ...hue.shape])
    .moveaxis(0, -3); // [3, N, H, W] -> [N, 3, H, W]
  return choices.gather(-3, selected);
}
