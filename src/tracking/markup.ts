// Makes any text safe to stand in HTML and SVG.

/** Text for HTML or XML, in an element or a quoted attribute: markup escaped, characters that XML has no form for replaced. */
export function escapeMarkup(text: string): string {
  return replaceUnrepresentable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Text without the characters that XML cannot hold even escaped (control characters, halves of surrogate pairs): for what somebody else
 *  escapes later. */
export function replaceUnrepresentable(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|[\p{Cs}\ufffe\uffff]/gu, '\ufffd');
}
