// A server that speaks Amazon's protocols, where moto is installed: S3 and CloudWatch Logs.

import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

/** Whether the server can be started. */
export const hasMoto = (): boolean => spawnSync('moto_server', ['--help']).status === 0;

/** What a file of tests prints that skips some: why, and how not to. */
export const noMoto = (skipped: string): string =>
  `skipped, ${skipped}: moto_server (pip install moto[server]) is not there`;

/** Starts the server, points Amazon's clients in this process at it, and makes the bucket `bucket`. */
export async function startMoto(): Promise<{ url: string; close(): void }> {
  const port = await freePort();
  const server = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'y',
  });
  const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ forcePathStyle: true, maxAttempts: 30 });
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  return { url, close: () => void server.kill() };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
