// Wrong configurations, each with what is said of it: files in test/fixtures/config/wrong, the message beside each as .txt.
// `UPDATE_GOLDEN=1` writes the messages anew; read them as somebody would who has made the mistake.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ConfigError } from '../errors.ts';
import { readExperiment } from './read-experiment.ts';

const folder = fileURLToPath(new URL('../../test/fixtures/config/wrong/', import.meta.url));
const files = readdirSync(folder).filter((name) => /\.(yaml|json)$/.test(name));

/** What the command would be given: comments `# --set a=b` and `# env NAME=value` at the top. */
function optionsOf(text: string): { overrides: string[]; environment: Record<string, string> } {
  const environment = [...text.matchAll(/^# env (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  return {
    overrides: [...text.matchAll(/^# --set (.*)$/gm)].map(([, given]) => given!),
    environment: Object.fromEntries(environment),
  };
}

async function messageOf(name: string): Promise<string> {
  const options = optionsOf(readFileSync(folder + name, 'utf8'));
  try {
    await readExperiment(name, { cwd: folder, ...options });
  } catch (error) {
    if (error instanceof ConfigError) return `${error.message}\n`;
    throw error;
  }
  return 'nothing\n';
}

it.each(files)('%s is told as its .txt says', async (name) => {
  const golden = `${folder}${name.replace(/\.\w+$/, '.txt')}`;
  const message = await messageOf(name);
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, message);
  expect(message).toBe(readFileSync(golden, 'utf8'));
});
