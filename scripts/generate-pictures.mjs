// Draws the pictures of docs/pictures.md by the code above each of them: node scripts/generate-pictures.mjs, after a build.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './prepare.mjs';

// Tenths of a unit are seen by nobody, and what differs between machines lies behind them.
const page = readFileSync(join(root, 'docs', 'pictures.md'), 'utf8');
const pairs = [...page.matchAll(/^```ts run\n([\s\S]*?)^```\n\n!\[[^\]]*\]\(([^)]*\.svg)\)$/gm)];
// Inside dist/, the package's own name resolves to what users get.
const folder = mkdtempSync(join(root, 'dist', '.pictures-'));
try {
  for (const [, code, path] of pairs) {
    const outfile = join(folder, `${path.replaceAll('/', '-')}.mjs`);
    await build({
      stdin: { contents: `${code}\nexport { picture };`, loader: 'ts', resolveDir: root },
      ...{ outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20' },
    });
    const { picture } = await import(pathToFileURL(outfile).href);
    const svg = (await picture.toSvg()).replace(/<[^>]+>/g, (tag) =>
      tag.replace(/\d+\.\d{2,}(?=[ ,)"LMHVZA])/g, (number) => String(Number(Number(number).toFixed(1)))),
    );
    writeFileSync(join(root, 'docs', path), svg);
    console.log(`docs/${path}: ${(svg.length / 1024).toFixed(1)} KiB`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
