// Writes a run's report: its pictures into `plots/`, and `report.html`, one page that needs nothing beside it.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRun } from './read-run.ts';
import { renderPage } from './report/page.ts';
import { headlineFigures, runFacts, runSections } from './report/run-sections.ts';
import type { Picture, ReportSection } from './report/section.ts';
import { runPaths } from './run-format.ts';
import { drawRunPlots } from './run-plots.ts';

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
  const pictures = await drawRunPlots(run);
  const curves: ReportSection[] = pictures.length === 0 ? [] : [{ kind: 'plot', title: 'Curves', pictures }];
  const sections = [...curves, ...(options.sections ?? []), ...runSections(run)];
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

async function writePictures(folder: string, pictures: readonly Picture[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const taken = new Set<string>();
  for (const { name, svg } of pictures) {
    const stem = fileStem(name);
    let file = stem;
    for (let copy = 2; taken.has(file); copy += 1) file = `${stem}-${copy}`;
    taken.add(file);
    await writeFile(join(folder, `${file}.svg`), svg);
  }
}

/** A picture's name as a file name that every system takes. */
function fileStem(name: string): string {
  const stem = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@_]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return stem === '' ? 'picture' : stem.slice(0, 80);
}
