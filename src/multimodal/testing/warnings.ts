// Listens to the warnings of a call.

/** The messages of the process's warnings while something runs. */
export async function warningsOf(body: () => Promise<unknown>): Promise<string[]> {
  const messages: string[] = [];
  const listen = ({ message }: Error): void => void messages.push(message);
  process.on('warning', listen);
  try {
    await body();
    await new Promise(setImmediate); // they are told in the next tick
  } finally {
    process.off('warning', listen);
  }
  return messages;
}
