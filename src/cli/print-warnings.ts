// Warnings of a process as a command prints them.

/** Prints the process's warnings of ours as `warning: …`, like those of a run; those of Node and of others keep their form. */
export function printWarnings(): void {
  const others = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'SconceWarning') console.error(`warning: ${warning.message}`);
    else for (const listener of others) listener.call(process, warning);
  });
}
