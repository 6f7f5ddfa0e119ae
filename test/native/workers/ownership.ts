// A worker that plays every case of ../ownership.ts, and tells which failed.
import { parentPort } from 'node:worker_threads';
import { Generator, withGenerator } from '../../../src/index.ts';
import { cases } from '../ownership.ts';

const failures: string[] = [];
for (const [name, play] of Object.entries(cases)) {
  try {
    withGenerator(new Generator(0), play); // layers draw their weights
  } catch (error) {
    failures.push(`${name}: ${(error as Error).stack}`);
  }
}
parentPort!.postMessage({ played: Object.keys(cases), failures });
