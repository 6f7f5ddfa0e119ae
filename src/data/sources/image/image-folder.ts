// `ImageFolder`: pictures whose class is the name of the folder that they lie in.
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ConfigError } from '../../../errors.ts';
import type { Collated } from '../../collate/collate.ts';
import type { BatchContext, SampleContext } from '../../context.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { OptionProblems } from '../../option-problems.ts';
import { ImageList, type ImageSample } from './image-list.ts';
import type { ImageTransform } from './image-transform.ts';

/** Options of {@link ImageFolder.open}. */
export interface ImageFolderOptions {
  /** What is done with each picture. Default: decoded to float32 from 0 to 1. */
  readonly transform?: ImageTransform;
  /** Which files are pictures, in any case. Default: .jpg, .jpeg, .png, .webp, .gif, .avif, .tif and .tiff. */
  readonly extensions?: readonly string[];
  /** Whether a class may have no picture. Default false. */
  readonly allowsEmpty?: boolean;
  /** What messages call the dataset. Default: ImageFolder and its path. */
  readonly name?: string;
}

const OPTIONS = ['transform', 'extensions', 'allowsEmpty', 'name'];
const EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.gif', '.avif', '.tif', '.tiff'];

/**
 * Pictures in `root/<class>/…/<file>`: the folders of `root`, sorted, are the classes and their numbers the targets; the files below each, sorted by folder and
 * name, are the samples. Links are followed. Made by `ImageFolder.open`; reading pictures is {@link ImageList}'s.
 * Source: torchvision.datasets.ImageFolder; its classes, numbers and order of samples. Unlike there, pictures are turned upright as their EXIF orientation says, and
 * transparent ones laid on white, unless `decoding` in the transform says otherwise.
 */
export class ImageFolder implements Dataset<ImageSample> {
  readonly name: string;
  readonly length: number;
  /** Names of the classes: class i is `classes[i]`. */
  readonly classes: readonly string[];
  readonly classToIdx: Readonly<Record<string, number>>;
  readonly paths: readonly string[];
  /** The number of each sample's class. */
  readonly targets: Int32Array;
  readonly #list: ImageList;

  private constructor(classes: readonly string[], list: ImageList, targets: Int32Array) {
    this.name = list.name;
    this.length = list.length;
    this.classes = classes;
    this.classToIdx = Object.fromEntries(classes.map((name, i) => [name, i]));
    this.paths = list.paths;
    this.targets = targets;
    this.#list = list;
  }

  /**
   * Lists the pictures below `root`. No picture is opened.
   * @throws {ConfigError} for options that are wrong, a folder without class folders, and classes without pictures, all of them named.
   * @throws {Error} the system's, where a folder cannot be read.
   */
  static async open(root: string, options: ImageFolderOptions = {}): Promise<ImageFolder> {
    const action = `open an ImageFolder of "${root}"`;
    checkOptions(action, options);
    const { extensions = EXTENSIONS, allowsEmpty = false, name = `ImageFolder "${root}"`, transform } = options;
    const wanted = new Set(extensions.map((extension) => extension.toLowerCase()));
    const classes = await classFolders(action, root);
    const found = await Promise.all(classes.map((name) => picturesBelow(join(root, name), wanted)));
    const empty = classes.filter((_, i) => found[i]!.length === 0);
    const kinds = [...wanted].join(', ');
    if (empty.length > 0 && !allowsEmpty) {
      throw new ConfigError(action, [
        `expected files ending in ${kinds} in each of ${classes.length} class folders, got none in ${empty.map((name) => `"${name}"`).join(', ')}; remove these folders, or set allowsEmpty`,
      ]);
    }
    const paths = found.flat();
    if (paths.length === 0) throw new ConfigError(action, [`expected files ending in ${kinds}, got none`]);
    const targets = Int32Array.from(found.flatMap((files, i) => files.map(() => i)));
    return new ImageFolder(classes, new ImageList({ paths, targets, name, ...(transform && { transform }) }), targets);
  }

  get(index: number, context?: SampleContext): Promise<ImageSample> {
    return this.#list.get(index, context);
  }

  getBatch(indices: Int32Array, context: BatchContext): Promise<Collated<ImageSample>> {
    return this.#list.getBatch(indices, context);
  }
}

function checkOptions(action: string, options: ImageFolderOptions): void {
  const { extensions = EXTENSIONS, allowsEmpty = false } = options;
  const problems = new OptionProblems();
  problems.expectKnown(options, OPTIONS);
  const areExtensions = Array.isArray(extensions) && extensions.length > 0;
  problems.expect(areExtensions, 'extensions', { wanted: 'a list of file name endings', got: extensions });
  for (const extension of areExtensions ? extensions : []) {
    problems.expect(/^\.[^./]+$/.test(extension), 'extensions', { wanted: 'endings as in .png', got: extension });
  }
  problems.expect(typeof allowsEmpty === 'boolean', 'allowsEmpty', { wanted: 'true or false', got: allowsEmpty });
  problems.throwIfAny(action);
}

/** By code points, as Python sorts texts. */
function byCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function classFolders(action: string, root: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(root, entry.name)))))
      names.push(entry.name);
  }
  if (names.length === 0) throw new ConfigError(action, [`expected a folder for each class in it, got none`]);
  return names.sort(byCodePoints);
}

/** Every file below `folder` with a wanted ending. A folder that links lead to more than once on one way down is gone into once. */
async function picturesBelow(folder: string, extensions: ReadonlySet<string>): Promise<string[]> {
  const folders: { path: string; files: string[] }[] = [];
  const visit = async (path: string, above: readonly string[]): Promise<void> => {
    const real = await realpath(path);
    if (above.includes(real)) return;
    const files: string[] = [];
    const inner: string[] = [];
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const place = join(path, entry.name);
      if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(place)))) inner.push(place);
      else if (extensions.has(extname(entry.name).toLowerCase())) files.push(entry.name);
    }
    folders.push({ path, files: files.sort(byCodePoints) });
    for (const place of inner) await visit(place, [...above, real]);
  };
  await visit(folder, []);
  folders.sort((a, b) => byCodePoints(a.path, b.path));
  return folders.flatMap(({ path, files }) => files.map((file) => join(path, file)));
}

/** A link to nothing is no folder: where it has a picture's name, reading it says what is missing. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
