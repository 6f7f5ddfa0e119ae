// Ends in the way that its argument names, with tensors alive and others collected but not freed yet.
import { hostBuffer, ones } from '../../../src/index.ts';

const kept = Array.from({ length: 100 }, () => ones([100], { requiresGrad: true }).mul(2));
const buffer = hostBuffer('float32', [1000]);
for (let i = 0; i < 2000; i++) ones([1000]);
globalThis.gc?.();
process.on('exit', () => {
  console.log(JSON.stringify(kept[0]!.sum().item() + buffer.data.length));
});
switch (process.argv[2]) {
  case 'return':
    break;
  case 'exit':
    process.exit(0);
    break;
  case 'throw':
    throw new Error('thrown');
}
