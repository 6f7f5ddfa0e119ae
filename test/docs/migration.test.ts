// The migration guide runs: the TypeScript of each page in its order, as one program in a folder of its own; its YAML as files beside it; its commands exist; its Python parses.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import * as sconce from 'sconce';
import * as adaptive from 'sconce/adaptive';
import * as config from 'sconce/config';
import * as data from 'sconce/data';
import * as metrics from 'sconce/metrics';
import * as multidataset from 'sconce/multidataset';
import * as multimodal from 'sconce/multimodal';
import * as registry from 'sconce/registry';
import * as tracking from 'sconce/tracking';
import * as trainer from 'sconce/trainer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';

interface Examples {
  readonly pageProgram: (text: string) => string;
  readonly runExample: (example: { code: string }, modules: object) => Promise<string[]>;
}
const { pageProgram, runExample } = (await import(
  new URL('../../scripts/examples.mjs', import.meta.url).href
)) as Examples;

const modules = {
  sconce,
  'sconce/adaptive': adaptive,
  'sconce/config': config,
  'sconce/data': data,
  'sconce/metrics': metrics,
  'sconce/multidataset': multidataset,
  'sconce/multimodal': multimodal,
  'sconce/registry': registry,
  'sconce/tracking': tracking,
  'sconce/trainer': trainer,
};
const folder = fileURLToPath(new URL('../../docs/migration/', import.meta.url));
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
const textOf = (page: string): string => readFileSync(join(folder, page), 'utf8');

/** The bodies of a page's code blocks of one language. */
const blocksOf = (page: string, language: string): string[] =>
  [...textOf(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, body]) => body!);

describe.each(pages)('%s', (page) => {
  let place: string;
  let before: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'sconce-migration-'));
    before = process.cwd();
    process.chdir(place);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(place, { recursive: true });
  });

  test('runs as it is written, and gives what it says', async () => {
    for (const block of blocksOf(page, 'yaml')) {
      const [, name] = /^# (\S+\.ya?ml)\n/.exec(block) ?? [];
      expect(name, `a YAML block of ${page} begins with "# name.yaml"`).toBeDefined();
      mkdirSync(dirname(name!), { recursive: true });
      writeFileSync(name!, block);
      if (!name!.startsWith('experiment')) continue; // others are read by the program
      const document = await config.parseDocument(block);
      expect(config.experimentOf(document).problems, name).toEqual([]);
    }
    const code = pageProgram(textOf(page));
    if (code !== '') expect(await runExample({ code }, modules)).toEqual([]);
  });

  test('names commands and flags that there are', () => {
    for (const line of blocksOf(page, 'sh').flatMap((block) => block.split('\n'))) {
      const [, rest] = /^(?:npx )?sconce (.*?)(?:\s+#.*)?$/.exec(line) ?? [];
      if (rest !== undefined) expect(problemOf(rest.split(/\s+/)), line).toBeUndefined();
    }
  });

  test.skipIf(!process.env.SCONCE_PYTHON)('shows Python that parses (needs SCONCE_PYTHON)', () => {
    const blocks = blocksOf(page, 'python');
    const script = 'import ast, json, sys\nfor block in json.load(sys.stdin): ast.parse(block)';
    const { status, stderr } = spawnSync(process.env.SCONCE_PYTHON!, ['-c', script], {
      input: JSON.stringify(blocks),
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  });

  test('links to files that there are', () => {
    for (const [, target] of textOf(page).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g))
      expect(readdirSync(dirname(join(folder, target!))), `${page}: ${target}`).toContain(target!.split('/').at(-1));
  });
});

/** What is wrong with the words behind `sconce`. */
function problemOf(words: readonly string[]): string | undefined {
  let command: Command = makeProgram();
  for (const word of words) {
    if (word.startsWith('--')) {
      const flag = word.split('=')[0];
      if (!command.options.some(({ long }) => long === flag)) return `${command.name()} has no ${flag}`;
    } else {
      const inner = command.commands.find((each) => each.name() === word);
      if (inner === undefined && command.commands.length > 0) return `${command.name()} has no command ${word}`;
      command = inner ?? command;
    }
  }
  return undefined;
}
