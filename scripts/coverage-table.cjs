// What `npm test -- --coverage` prints: lines of src/ that ran, by folder. A reporter as istanbul-reports calls them, which requires CommonJS.

/** Files that `npm run generate` writes. They count: they are what users call, and a defect of the generator is one in them. The last row is without. */
const GENERATED = /\.generated\.ts$/;

module.exports = class CoverageTable {
  #rows = new Map();

  execute(context) {
    context.getTree('flat').visit(this, context);
  }

  onDetail(node) {
    const file = node.getFileCoverage();
    const path = file.path.replaceAll('\\', '/').split('/src/').at(-1);
    const folder = path.includes('/') ? `src/${path.split('/')[0]}` : 'src';
    const { covered, total } = file.toSummary().lines;
    const rows = [folder, 'all of src/', ...(GENERATED.test(path) ? ['generated'] : ['all but generated'])];
    for (const name of rows) {
      const row = this.#rows.get(name) ?? { covered: 0, total: 0 };
      this.#rows.set(name, { covered: row.covered + covered, total: row.total + total });
    }
  }

  onEnd() {
    const sums = ['generated', 'all but generated', 'all of src/'].filter((name) => this.#rows.has(name));
    const folders = [...this.#rows.keys()].filter((name) => !sums.includes(name)).sort();
    const line = (name, ...cells) => name.padEnd(20) + cells.map((cell) => String(cell).padStart(8)).join('');
    const lines = [...folders, ...sums].map((name) => {
      const { covered, total } = this.#rows.get(name);
      return line(name, covered, total, total === 0 ? '' : ((100 * covered) / total).toFixed(1));
    });
    console.log([line('lines of', 'ran', 'of', '%'), ...lines].join('\n'));
  }
};
