// What `Ranks` refuses before a rank looks for the others.
import { afterEach, expect, test, vi } from 'vitest';
import { isInitialized } from '../../distributed/index.ts';
import { getNative } from '../../tensor/call.ts';
import { readConfig } from '../config/schema.ts';
import { Ranks } from './ranks.ts';

afterEach(() => vi.unstubAllEnvs());

test.skipIf('addNccl' in getNative())('Ranks.join() says at once that NCCL is not built in', async () => {
  for (const [name, value] of Object.entries({
    RANK: '0',
    WORLD_SIZE: '2',
    LOCAL_RANK: '0',
    MASTER_ADDR: '127.0.0.1',
    MASTER_PORT: '1',
  }))
    vi.stubEnv(name, value);
  const { ddp } = readConfig({ ddp: { backend: 'nccl' } }).config!;
  await expect(Ranks.join(ddp)).rejects.toThrow(/expected an addon with NCCL for backend "nccl", got one without: \w+/);
  expect(isInitialized()).toBe(false);
});
