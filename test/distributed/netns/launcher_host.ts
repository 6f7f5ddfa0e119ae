// The launcher of one host: `launcher_host <rank's script> <folder of checkpoints> <host>`. How the launch ended is printed as JSON; ranks and launcher write to standard error.
import { launch } from '../../../src/distributed/index.ts';

const [script, folder, host] = process.argv.slice(2) as [string, string, string];
const { exitCode, numRestarts } = await launch({
  command: [process.execPath, '--enable-source-maps', script, folder],
  numRanks: 1,
  maxRestarts: 2,
  nodes: { count: 2, rank: Number(host), masterAddr: process.env.MASTER_ADDR!, timeoutMs: 20_000 },
  output: { stdout: process.stderr },
});
console.log(JSON.stringify({ exitCode, numRestarts }));
