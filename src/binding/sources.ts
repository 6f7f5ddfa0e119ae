// The addon's C++ sources: which there are, and what each one's object depends on.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package itself, whether this file runs from `src/` or from `dist/`. */
export function packageFolder(): string {
  return fileURLToPath(new URL('../../', import.meta.url));
}

/** The files of `native/`: sources to compile, and the headers that they include. */
export function nativeFiles(packageRoot: string): readonly string[] {
  const folder = join(packageRoot, 'native');
  return readdirSync(folder)
    .filter((name) => /\.(?:cc|h)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Names the state of the sources without reading them, from sizes and times: quick enough for every start. */
export function sourcesFingerprint(packageRoot: string): string {
  return nativeFiles(packageRoot)
    .map((path) => {
      const { size, mtimeMs } = statSync(path);
      return `${path.slice(packageRoot.length)}:${size}:${mtimeMs}`;
    })
    .join(' ');
}

/** Names what the sources say. Packages are installed again and again with new times on the same files. */
export function sourcesHash(packageRoot: string): string {
  const hash = createHash('sha256');
  for (const path of nativeFiles(packageRoot))
    hash.update(`${path.slice(packageRoot.length)}\0`).update(readFileSync(path));
  return hash.digest('hex');
}

/** The text that a source's object depends on inside `native/`: its own, then every header that it reaches, each once. */
export function sourceText(path: string): string {
  const seen = new Set<string>();
  const texts: string[] = [];
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    texts.push(text);
    for (const [, name] of text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
      const header = join(file, '..', name ?? '');
      if (statSync(header, { throwIfNoEntry: false })) visit(header);
    }
  };
  visit(path);
  return texts.join('\0');
}

/** The version in the package's own package.json. */
export function packageVersion(packageRoot: string): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}
