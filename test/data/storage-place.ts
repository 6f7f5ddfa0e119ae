// Where the memory of a tensor lies.
import type { Tensor } from '../../src/index.ts';
import { getNative, h } from '../../src/tensor/call.ts';

export const storagePlace = (tensor: Tensor): number => getNative().storage(h(tensor))[0];
