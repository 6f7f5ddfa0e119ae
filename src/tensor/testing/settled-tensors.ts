// How many tensors are alive when what earlier tests left is gone, for tests that count.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { liveTensors } from '../scope.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Collects garbage first: so a collection that comes later takes nothing that was counted. */
export function settledTensors(): number {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    liveTensors();
  }
  return liveTensors();
}
