// The pictures of docs/pictures.md: each is there, small, and shows what the code above it describes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describePanels, structureOf } from './structure.ts';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const page = readFileSync(`${docs}pictures.md`, 'utf8');
const pairs = [...page.matchAll(/^```ts run\n([\s\S]*?)^```\n\n!\[[^\]]*\]\(([^)]*)\)$/gm)].map(([, code, path]) => ({
  code: code!,
  path: path!,
}));

test('docs/pictures.md shows every picture of its folder, each under its code', () => {
  expect(pairs.map(({ path }) => path.replace('images/pictures/', '')).sort()).toEqual(
    readdirSync(`${docs}images/pictures`).sort(),
  );
});

test.each(pairs)('$path shows the panels that its code describes', async ({ code, path }) => {
  expect(existsSync(docs + path)).toBe(true);
  const svg = readFileSync(docs + path, 'utf8');
  expect(svg.length).toBeLessThan(64 * 1024);
  const picture = await structureOf(svg);
  expect(picture.title).toBe(/figure\(\{\s*title: '([^']*)'/.exec(code)![1]);
  const kinds = [...code.matchAll(/kind: '(\w+)'/g)]
    .map((match) => match[1]!)
    .filter((kind) => kind !== 'noisy' && kind !== 'exact')
    .flatMap((kind) => (kind === 'alignment' ? ['lines', 'lines'] : [kind]));
  expect(picture.panels.map(({ kind }) => kind)).toEqual(kinds);
  for (const panel of describePanels(picture)) expect(panel).toMatch(/; (?:cells|\d+ \w+)/);
});
