// How wide a text is, about, and how to make it fit: an SVG does not know the fonts that it will be shown with.

const NARROW = /[ijlI.,:;'|!()[\]/\-ft ]/u;
const WIDE = /[mwMW@%—…]/u;
/** Chinese, Japanese and Korean signs, and pictures. */
const FULL =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\p{Extended_Pictographic}]/u;

/** The width of a text in units of the picture, for a sans-serif that is rather wide. */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const sign of text) ems += FULL.test(sign) ? 1.05 : NARROW.test(sign) ? 0.38 : WIDE.test(sign) ? 0.92 : 0.64;
  return ems * fontSize;
}

/** The text, or as much of it as fits before an ellipsis. `keep: 'ends'` leaves out its middle: names of one family differ at their ends. */
export function fitText(text: string, width: number, fontSize: number, keep: 'start' | 'ends' = 'start'): string {
  if (textWidth(text, fontSize) <= width) return text;
  const signs = Array.from(text);
  for (let length = signs.length - 1; length > 1; length -= 1) {
    const tail = keep === 'ends' ? Math.floor(length / 2) : 0;
    const short = `${signs.slice(0, length - tail).join('')}…${tail === 0 ? '' : signs.slice(-tail).join('')}`;
    if (textWidth(short, fontSize) <= width) return short;
  }
  return '…';
}

/** The text in lines that fit, broken at blanks; the last line ends in an ellipsis where there is more than `maxLines` hold. */
export function wrapText(text: string, width: number, fontSize: number, maxLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || lines.length === maxLines - 1 || textWidth(longer, fontSize) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((entry) => fitText(entry, width, fontSize));
}
