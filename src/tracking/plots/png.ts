// Turns a picture into PNG bytes, for places that cannot show SVG.
import { withTheme } from './palette.ts';

export interface PngOptions {
  /** Pixels a unit of the picture, default 2. */
  readonly scale?: number;
  /** The paper of one of our pictures, default `light`. Other SVG text is drawn as it is. */
  readonly theme?: 'light' | 'dark';
}

/** Renders one of our pictures, or any other SVG text, as PNG. Text needs a font on the system (Debian's is `fonts-dejavu-core`); where there is none, the
 *  process warns once and the picture comes without words.
 *  @throws {RangeError} for a scale that is not above 0, or above 20.  @throws {Error} for text that is not SVG. */
export async function renderPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  const { scale = 2, theme = 'light', ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new TypeError(`Cannot make a PNG: expected options of { scale, theme }, got "${unknown}"`);
  if (!(scale > 0 && scale <= 20))
    throw new RangeError(`Cannot make a PNG: expected a scale above 0 and up to 20, got ${scale}`);
  if (theme !== 'light' && theme !== 'dark')
    throw new RangeError(`Cannot make a PNG: expected theme "light" or "dark", got ${JSON.stringify(theme)}`);
  await warnWithoutFonts();
  return rasterise(withTheme(svg, theme), scale);
}

async function rasterise(svg: string, scale: number): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg), { density: 72 * scale })
    .png()
    .toBuffer();
}

let fontsAreThere: Promise<boolean> | undefined;

async function warnWithoutFonts(): Promise<void> {
  if (fontsAreThere !== undefined) return void (await fontsAreThere);
  fontsAreThere = hasFonts();
  if (await fontsAreThere) return;
  process.emitWarning(
    'Cannot write text into a PNG: expected a font on this system, got none; install one, as in apt-get install fonts-dejavu-core, or look at the SVG',
    'SconceWarning',
  );
}

/** Without a font every letter is an empty box, or nothing: two words of one length then look alike. */
async function hasFonts(): Promise<boolean> {
  const words = ['il', 'MW'].map((word) =>
    rasterise(
      `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="24"><text x="2" y="18" font-size="16" font-family="sans-serif">${word}</text></svg>`,
      1,
    ),
  );
  const [narrow, wide] = await Promise.all(words);
  return Buffer.compare(narrow!, wide!) !== 0;
}
