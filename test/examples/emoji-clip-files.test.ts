// The configuration files of the main example: each is whole, and names parts that there are with options that they take. Nothing is downloaded or trained.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import parts from '../../examples/emoji-clip/parts.ts';
import { experimentOf, readDocument } from '../../src/config/index.ts';
import { multimodalParts } from '../../src/multimodal/parts.ts';
import { readParts } from '../../src/trainer/parts/experiment-parts.ts';
import { libraryParts } from '../../src/trainer/parts/library.ts';
import { Registry } from '../../src/trainer/parts/registry.ts';

const folder = fileURLToPath(new URL('../../examples/emoji-clip', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'base.yaml');

it('emoji-clip has a file for several losses', () => {
  expect(files).toEqual(
    expect.arrayContaining(['clip.yaml', 'siglip.yaml', 'moco.yaml', 'decoupled.yaml', 'vicreg.yaml']),
  );
});

it.each(files)('emoji-clip/%s can be trained', async (file) => {
  const document = await readDocument(`${folder}/${file}`, {});
  const { experiment, problems } = experimentOf(document);
  expect(problems).toEqual([]);
  expect(experiment!.config.experimentName).toMatch(/^emoji-/);
  const wrong: Parameters<typeof readParts>[2] = [];
  const registry = new Registry()
    .add(libraryParts, 'Sconce')
    .add(multimodalParts, 'sconce/multimodal')
    .add(parts, 'parts.ts');
  const read = readParts(document.value, registry, wrong);
  expect(wrong).toEqual([]);
  expect(read!.val.map(({ name }) => name)).toEqual(['en', 'de', 'fr', 'es', 'ja']);
  expect(() => registry.check('loss', read!.loss!.spec)).not.toThrow();
});
