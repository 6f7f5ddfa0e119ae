// Makes 100,000 tensors in one synchronous loop without a scope, and prints how memory went. Argument: elements of each.
import { liveTensors, ones } from '../../../src/index.ts';

const numel = Number(process.argv[2]);
const [x, y] = [ones([numel]), ones([numel])];
for (let i = 0; i < 100; i++) x.add(y);
const startBytes = process.memoryUsage.rss();
let mostBytes = startBytes;
let mostLive = 0;
for (let i = 0; i < 100_000; i++) {
  x.add(y);
  if (i % 1000 !== 0) continue;
  mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  mostLive = Math.max(mostLive, liveTensors());
}
console.log(JSON.stringify({ grownMiB: (mostBytes - startBytes) / 2 ** 20, mostLive }));
