// The page of a report: its head, its style for light, dark, wide and narrow screens, and its sections, in one self-contained document.
import { escapeMarkup } from '../markup.ts';
import { renderSection } from './render-section.ts';
import type { HeadlineFigure, ReportSection } from './section.ts';

/** What a report's page shows. */
export interface ReportPage {
  readonly title: string;
  /** How the run stands; decides the badge's colour. */
  readonly status: 'finished' | 'interrupted' | 'failed' | 'unfinished';
  /** Short facts below the title, such as the date and the duration. */
  readonly facts: readonly string[];
  readonly headline: readonly HeadlineFigure[];
  readonly sections: readonly ReportSection[];
}

/** No script runs in a report and nothing is fetched, whatever its texts and pictures hold. */
const CONTENT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The whole document. */
export function renderPage({ title, status, facts, headline, sections }: ReportPage): string {
  const ids = sections.map((_, index) => `section-${index + 1}`);
  const contents = sections.map((section, index) => `<a href="#${ids[index]}">${escapeMarkup(section.title)}</a>`);
  const factItems = facts.map((fact) => `<li>${escapeMarkup(fact)}</li>`);
  const figures = headline.map(
    ({ label, value, note }) =>
      `<div class="card figure"><span class="label">${escapeMarkup(label)}</span>` +
      `<span class="value">${escapeMarkup(value)}</span><span class="note">${escapeMarkup(note)}</span></div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="sconce">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<link rel="icon" href="data:,">
<title>${escapeMarkup(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${escapeMarkup(title)}</h1>
<ul class="facts"><li class="badge ${status}">${status}</li>${factItems.join('')}</ul>
<nav aria-label="Contents">${contents.join('')}</nav>
</header>
<main>
<div class="headline">${figures.join('')}</div>
${sections.map((section, index) => renderSection(section, ids[index]!)).join('\n')}
</main>
<footer>Written by Sconce. Light or dark as your system prefers.</footer>
</body>
</html>
`;
}

const PAGE_STYLE = `
:root{--ground:#f6f7f9;--paper:#fff;--ink:#1f2733;--soft:#5d6978;--line:#e1e5ea;--accent:#0072b2;--right:#007a59;--wrong:#8b95a3;--warn:#b45309;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--ground:#0c0f13;--paper:#12161c;--ink:#dbe2ea;--soft:#98a4b3;--line:#28303a;--accent:#4aa8e8;--right:#35c79b;--wrong:#6b7684;--warn:#f0b429;--bad:#f97066}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;font-variant-numeric:tabular-nums}
header,main,footer{max-width:1160px;margin:0 auto;padding:0 20px}
header{padding-top:40px}
h1{margin:0;font-size:clamp(1.6rem,1.2rem + 2vw,2.3rem);line-height:1.2;letter-spacing:-.02em;overflow-wrap:anywhere}
h2{margin:44px 0 12px;font-size:1.25rem;letter-spacing:-.01em;overflow-wrap:anywhere}
p{margin:0 0 12px;max-width:75ch;overflow-wrap:anywhere;white-space:pre-line}
.caption{color:var(--soft)}
.facts{display:flex;flex-wrap:wrap;gap:6px 18px;margin:14px 0 0;padding:0;list-style:none;color:var(--soft);align-items:center}
.badge{padding:1px 12px;border-radius:99px;font-weight:600;font-size:.875rem;border:1.5px solid currentColor}
.finished{color:var(--right)}.interrupted,.unfinished{color:var(--warn)}.failed{color:var(--bad)}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin:18px 0 22px;padding-top:14px;border-top:1px solid var(--line);font-size:.9375rem}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
.card{background:var(--paper);border:1px solid var(--line);border-radius:12px}
.headline{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:14px}
.figure{display:flex;flex-direction:column;padding:14px 18px;min-width:0}
.figure .label{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
.figure .value{margin-top:auto;font-size:1.75rem;font-weight:650;line-height:1.3;letter-spacing:-.02em}
.figure .note{color:var(--soft);font-size:.8125rem}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:14px}
figure{margin:0;padding:6px;min-width:0;display:flex;justify-content:center}
figure svg.sconce-figure{display:block;width:100%;max-width:600px;height:auto}
figure.wide-picture{grid-column:1/-1}figure.wide-picture svg.sconce-figure{max-width:1000px}
.pictures .sconce-figure .paper{fill:none}
figure.media{flex-direction:column;align-items:center;gap:6px}.media img{max-width:100%;height:auto;border-radius:8px}figcaption{font-size:.8125rem;padding:0 8px 6px;overflow-wrap:anywhere}
.wide{overflow-x:auto;padding:6px 18px}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
th,td{padding:8px 18px 8px 0;text-align:left;vertical-align:top}td{border-top:1px solid var(--line);overflow-wrap:break-word}td:last-child{padding-right:0;overflow-wrap:anywhere}
th{color:var(--soft);font-weight:500;white-space:nowrap}.number{text-align:right}
.share{display:flex;align-items:center;gap:10px;min-width:110px}.bar{flex:1;max-width:260px;height:8px;border-radius:4px;background:var(--line);overflow:hidden}.bar i{display:block;height:100%;background:var(--accent)}
.tree{padding:12px 18px;font-size:.9375rem;overflow-x:auto}
.tree ul{list-style:none;margin:0;padding:0}.tree ul ul{margin-left:6px;padding-left:16px;border-left:1px solid var(--line)}
.tree li{padding:2px 0;overflow-wrap:anywhere}.key{color:var(--soft);margin-right:8px}.leaf{font-family:ui-monospace,'SF Mono',Menlo,Consolas,monospace;font-size:.875em;white-space:pre-wrap}
summary{cursor:pointer}summary .key{color:var(--ink);font-weight:550}
.gallery{display:grid;gap:14px;grid-template-columns:repeat(auto-fit,minmax(min(100%,500px),1fr))}
.query{display:flex;gap:12px;background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:12px;min-width:0}
.results{display:grid;grid-template-columns:repeat(var(--columns),minmax(0,1fr));gap:6px;flex:1;min-width:0;padding-left:12px;border-left:1px solid var(--line)}
.item{display:flex;flex-direction:column;gap:3px;padding:4px 6px;border:2px solid transparent;border-radius:8px;font-size:.8125rem;line-height:1.25;min-width:0}
.query>.item{flex:0 0 104px}.query>.item .words{text-align:left;font-weight:600;font-size:.9375rem}.query>.item img{margin:0}
.item img{width:100%;max-width:84px;aspect-ratio:1;object-fit:contain;margin:0 auto;background:#fff;border-radius:6px;padding:3px}
.item.right{border-color:var(--right)}.item.wrong img{opacity:.82}
.results.texts{display:flex;flex-direction:column;gap:2px;justify-content:center}.texts .item{flex-direction:row;align-items:baseline;gap:8px;padding:1px 8px;font-size:.875rem}.texts .words{flex:1;text-align:left}.texts .place{flex:0 0 2.2em;gap:4px}
.place{color:var(--soft);display:flex;justify-content:space-between;font-size:.75rem}.sign{color:var(--right);font-weight:700}
.words{overflow-wrap:anywhere;text-align:center}.score{color:var(--soft);text-align:center;font-size:.75rem}
footer{padding:48px 20px 32px;color:var(--soft);font-size:.875rem}
@media (max-width:560px){header,main,footer{padding-left:14px;padding-right:14px}header{padding-top:24px}.headline{grid-template-columns:1fr 1fr;gap:10px}.figure{padding:10px 14px}.figure .value{margin-top:auto;font-size:1.4rem}.query{flex-direction:column}.query>.item{flex:none;flex-direction:row;align-items:center;gap:10px}.query>.item img{margin:0;width:56px}.results{padding:10px 0 0;border-left:0;border-top:1px solid var(--line)}}
@media print{nav{display:none}body{background:#fff}.card,.query{break-inside:avoid}}
`;
