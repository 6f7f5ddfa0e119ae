// Turns a picture into PNG bytes, for places that cannot show SVG.
/** Renders one of our pictures, or any other SVG text, on light paper.
 *  @param scale - pixels a unit of the picture, default 2. Text needs a font on the system; Debian's is `fonts-dejavu-core`. */
export async function renderPng(svg: string, scale = 2): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg), { density: 72 * scale })
    .png()
    .toBuffer();
}
