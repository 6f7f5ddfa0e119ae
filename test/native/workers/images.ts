// Ends, in the way that it is told, while its pictures are being made.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { decodeImage } from '../../../src/data/index.ts';

const { path, end, count } = (workerData ?? JSON.parse(process.argv[2]!)) as {
  path: string;
  end: 'exit' | 'wait' | 'finish';
  count: number;
};
const bytes = readFileSync(path);
const decoded = Array.from({ length: count }, (_, i) => decodeImage(i % 2 === 0 ? path : bytes, { size: 256 }));
const first = await decoded[0]!;
if (parentPort) parentPort.postMessage(first.data.length);
else console.log(JSON.stringify(first.data.length));
if (end === 'exit') process.exit(0);
if (end === 'finish') await Promise.all(decoded);
if (end === 'wait') await new Promise(() => setInterval(() => {}, 1000));
