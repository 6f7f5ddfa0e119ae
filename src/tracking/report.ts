// Writes a run's report: its pictures into `plots/`, and `report.html`, one page that needs nothing beside it.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Run, readRun } from './read-run.ts';
import { renderPage } from './report/page.ts';
import { headlineFigures, runFacts, runSections } from './report/run-sections.ts';
import type { MediaSection, Picture, PlotSection, ReportSection } from './report/section.ts';
import { runPaths } from './run-format.ts';
import { writePictures } from './run-plots/write-figures.ts';
import { runFigures } from './run-plots.ts';

export interface ReportOptions {
  readonly title: string;
  /** The metrics at the head; by default those with a best value, then the last ones of validation and training. */
  readonly headline?: readonly string[];
  /** What this run has to show beside what every run has; it stands below the curves. */
  readonly sections?: readonly ReportSection[];
}

/** Reads the run in `folder`, draws its curves, and writes the report with headline figures, curves, the given sections, timing, environment,
 *  configuration and events. Each picture is also written as a file in `plots/`. Works on a run that goes on or was killed, too.
 *  @returns the path of the report.  @throws {Error} if the folder holds no run. */
export async function writeReport(folder: string, options: ReportOptions): Promise<string> {
  const run = await readRun(folder);
  const sections = [
    ...(await plotSections(run)),
    ...(await loggedPictures(run)),
    ...(options.sections ?? []),
    ...runSections(run),
  ];
  const page = renderPage({
    title: options.title,
    status: run.summary?.status ?? 'unfinished',
    facts: runFacts(run),
    headline: headlineFigures(run, options.headline),
    sections,
  });
  const paths = runPaths(folder);
  await writePictures(
    paths.plots,
    sections.flatMap((section) => (section.kind === 'plot' ? section.pictures : [])),
  );
  await writeFile(`${paths.report}.tmp`, page);
  await rename(`${paths.report}.tmp`, paths.report);
  return paths.report;
}

/** More in a chapter would make a page that no browser likes to open. */
const MAX_DRAWN = 100;
const MAX_LOGGED = 24;

/** The run's pictures, a section a chapter. Of too many those come first whose names have no folder, as `loss`. */
async function plotSections(run: Run): Promise<PlotSection[]> {
  const sections: PlotSection[] = [];
  for (const { title, figures } of runFigures(run)) {
    const ofFolder = ({ name }: { readonly name: string }): number => Number(name.includes('/'));
    const isTooMany = figures.length > MAX_DRAWN;
    const drawn = isTooMany ? [...figures].sort((a, b) => ofFolder(a) - ofFolder(b)).slice(0, MAX_DRAWN) : figures;
    const pictures: Picture[] = [];
    for (const { name, figure } of drawn) pictures.push({ name, svg: await figure.toSvg() });
    const count = figures.length.toLocaleString('en-US');
    const rest = isTooMany
      ? { caption: `The first ${MAX_DRAWN} of ${count} pictures; sconce plot --metrics draws others.` }
      : {};
    sections.push({ kind: 'plot', title, ...rest, pictures });
  }
  return sections;
}

/** What was logged by `logFigure` and `logImage`: the last picture of each key. */
async function loggedPictures({ folder, media }: Run): Promise<ReportSection[]> {
  const latest = [...new Map(media.map((record) => [record.key, record])).values()];
  const pictures: MediaSection['pictures'][number][] = [];
  for (const record of latest.slice(0, MAX_LOGGED)) {
    const { key, step, path } = record;
    const words = record.kind === 'image' && record.caption !== undefined ? `: ${record.caption}` : '';
    const bytes = await readFile(join(folder, path)).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined; // deleted meanwhile
      throw error;
    });
    if (bytes) pictures.push({ bytes, caption: `${key}, step ${step.toLocaleString('en-US')}${words}` });
  }
  if (pictures.length === 0) return [];
  const rest = latest.length > MAX_LOGGED ? { caption: `The first ${MAX_LOGGED} of ${latest.length} keys.` } : {};
  return [{ kind: 'media', title: 'Logged pictures', ...rest, pictures }];
}
