// Mirroring pictures.
import type { Tensor } from '../../../tensor/index.ts';
import { checkPictures } from '../pictures.ts';

/** Left becomes right. Shape: [..., C, H, W], unchanged. Source: torchvision.transforms.v2.functional.horizontal_flip.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  transforms.functional.horizontalFlip(tensor([[[1, 2, 3]]])); // tensor([[[3., 2., 1.]]]) */
export function horizontalFlip(image: Tensor): Tensor {
  checkPictures('flip pictures', image);
  return image.flip([-1]);
}

/** Top becomes bottom. Shape: [..., C, H, W], unchanged. Source: torchvision.transforms.v2.functional.vertical_flip. */
export function verticalFlip(image: Tensor): Tensor {
  checkPictures('flip pictures', image);
  return image.flip([-2]);
}
