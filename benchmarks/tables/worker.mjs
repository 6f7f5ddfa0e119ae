// Sconce's side of tables.mjs: requests on standard input, as JSON, a reply each.
import { createInterface } from 'node:readline';
import { readCsv, readParquet } from 'sconce/data';

for await (const line of createInterface({ input: process.stdin })) {
  const { path } = JSON.parse(line);
  const started = performance.now();
  const cpu = process.cpuUsage();
  const table = await (path.endsWith('.csv') ? readCsv(path) : readParquet(path));
  const numbers = Object.values(table.columns).filter((column) => !Array.isArray(column));
  const { user, system } = process.cpuUsage(cpu);
  const ms = performance.now() - started;
  const sum = numbers.reduce((total, column) => total + column.to('float64').abs().sum().item(), 0);
  for (const column of numbers) column.dispose();
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, sum }));
}
