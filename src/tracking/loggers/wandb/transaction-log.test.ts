// What Python's reader makes of these files is compared in test/parity/wandb.test.ts.
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { historyRecord, readRecord } from './records.ts';
import { readTransactionLog, TransactionLog } from './transaction-log.ts';

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'sconce-wandb-')), 'run.wandb');
const filled = (size: number, byte: number): Uint8Array => new Uint8Array(size).fill(byte);

test('TransactionLog keeps records of every size across blocks', () => {
  const path = newPath();
  // The second record ends 7 bytes before the block does, so that the third begins with an empty chunk; the sixth leaves less than a chunk's header.
  const block = 32 * 1024;
  const sizes = [0, block - 7 - 7 - 7 - 7, 100_000, 1, 5, block - 7 - 3, 3, 70_000];
  const records = sizes.map((size, index) => filled(size, index + 1));
  const log = new TransactionLog(path, records.slice(0, 2));
  for (const record of records.slice(2)) {
    log.append(record);
    log.write();
  }
  log.close();
  const read = readTransactionLog(path);
  expect(read.map(({ length }) => length)).toEqual(sizes);
  for (const [index, record] of read.entries()) expect(record.every((byte) => byte === index + 1)).toBe(true);
});

test('TransactionLog writes a tail over when it has grown, and records before it', () => {
  const path = newPath();
  const log = new TransactionLog(path, [filled(3, 1)]);
  log.setTail([filled(40_000, 2), filled(5, 3)]);
  log.write();
  expect(readTransactionLog(path).map(({ length }) => length)).toEqual([3, 40_000, 5]);
  log.append(filled(4, 4));
  log.write();
  expect(readTransactionLog(path).map(({ length }) => length)).toEqual([3, 4, 40_000, 5]);
  log.setTail([filled(6, 5)]);
  log.write();
  log.setTail([]);
  log.close();
  expect(readTransactionLog(path).map(({ length }) => length)).toEqual([3, 4]);
});

test('readTransactionLog() reads up to where the writer was killed, and refuses other files', () => {
  const path = newPath();
  const log = new TransactionLog(path, [filled(10, 1), filled(50_000, 2)]);
  log.close();
  const whole = readFileSync(path);
  for (const size of [whole.length - 1, 20_000, 30, 24]) {
    truncateSync(path, size);
    expect(readTransactionLog(path).length).toBe(1);
  }
  const damaged = Buffer.from(whole);
  damaged[40_000]! += 1;
  writeFileSync(path, damaged);
  expect(readTransactionLog(path).length).toBe(1);
  writeFileSync(path, 'other');
  expect(() => readTransactionLog(path)).toThrow(/expected a transaction log of W&B, got another file/);
});

test('a row is read back as it was logged', () => {
  const values = {
    _step: 7,
    'val/loss': Number.NaN,
    lr: 0.1,
    'a"b': Number.NEGATIVE_INFINITY,
    h: { _type: 'histogram', values: [1, 2] },
  };
  expect(readRecord(historyRecord(7, values))).toEqual({ kind: 'history', step: 7, values });
});
