#!/usr/bin/env node
// The `sconce` command's first file: refuses a Node that is too old before anything newer is loaded, then hands over.
const wanted = [20, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  console.error(
    `Cannot run sconce: expected Node ${wanted.join('.')} or newer, got ${process.versions.node}; install a newer one from https://nodejs.org`,
  );
  process.exit(1);
}
const { localCommand } = await import('./local-command.ts');
const local = localCommand(process.cwd(), import.meta.filename);
if (local === undefined) await (await import('./program.ts')).runProgram(process.argv);
else await import(local);
