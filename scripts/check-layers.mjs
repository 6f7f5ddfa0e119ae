// Fails where a source imports from a layer below its own. A folder of src/ is a layer; the order is docs/architecture.md's table.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesUnder, root } from './prepare.mjs';

/** The layers, first to last, as the table lists them; those of one row may not import each other either. */
export function readLayers(architecture) {
  const rows = [...architecture.matchAll(/^\| (`src\/[^|]*) \|/gm)];
  return rows.map(([, cell]) => [...cell.matchAll(/`src\/([\w-]+)(?:\.ts|\/)`/g)].map(([, name]) => name));
}

/** One line for each import that points to a later layer, or to a folder that is no layer.
 *  @param sources - path below src/ and text of each file. The root index.ts is the public surface and may import anything. */
export function findViolations(layers, sources, exists) {
  const rowOf = new Map(layers.flatMap((row, index) => row.map((name) => [name, index])));
  const layerOf = (path) => path.split('/')[0].replace(/\.ts$/, '');
  const violations = [];
  for (const { path, text } of sources) {
    const own = layerOf(path);
    if (path === 'index.ts') continue;
    if (!rowOf.has(own)) violations.push(`src/${path}:1 lies in no layer of docs/architecture.md`);
    for (const { specifier, line } of importsOf(text)) {
      const target = targetOf(path, specifier);
      if (target === undefined) continue;
      const place = `src/${path}:${line}`;
      if (target.startsWith('..')) violations.push(`${place} imports "${specifier}", which lies outside src/`);
      else if (!exists(target)) violations.push(`${place} imports "${specifier}", which does not exist`);
      else {
        const layer = layerOf(target);
        const isEarlier = rowOf.has(layer) && rowOf.get(layer) < rowOf.get(own);
        if (layer !== own && !isEarlier)
          violations.push(`${place} imports "${specifier}": ${own} may not know ${layer}`);
      }
    }
  }
  return violations;
}

/** Every static and dynamic import and re-export with its line. Comments are blanked first, keeping the lines. */
export function importsOf(text) {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/^\s*\/\/.*$/gm, '');
  const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"\n]+)\1/g;
  return [...code.matchAll(pattern)].map((match) => ({
    specifier: match[2],
    line: code.slice(0, match.index).split('\n').length,
  }));
}

/** The path below src/ that a specifier means; undefined for packages and Node's own modules. */
function targetOf(path, specifier) {
  if (specifier.startsWith('.')) return join(dirname(path), specifier);
  if (specifier === 'sconce') return 'index.ts';
  return specifier.startsWith('sconce/') ? `${specifier.slice('sconce/'.length)}/index.ts` : undefined;
}

const isMain = process.argv[1] && import.meta.filename === process.argv[1];
if (isMain) {
  const source = join(root, 'src');
  const layers = readLayers(readFileSync(join(root, 'docs/architecture.md'), 'utf8'));
  const sources = filesUnder(source)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path: relative(source, path), text: readFileSync(path, 'utf8') }));
  const violations = findViolations(layers, sources, (target) => existsSync(join(source, target)));
  for (const violation of violations) console.error(violation);
  console.log(`layers: ${sources.length} files, ${violations.length} imports against the order`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
