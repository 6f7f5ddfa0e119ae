// Takes every entry that the package exports by `import` and by `require`, and prints the names that both give.
const { exports: entries } = require('sconce/package.json');

const names = Object.keys(entries)
  .filter((entry) => !entry.endsWith('.json'))
  .map((entry) => `sconce${entry.slice(1)}`);
void Promise.all(names.map((name) => import(name))).then((imported) => {
  const shared = names.map((name, i) => {
    const required = require(name);
    return Object.keys(required).filter((key) => required[key] === imported[i][key]);
  });
  console.log(JSON.stringify(Object.fromEntries(names.map((name, i) => [name, shared[i]]))));
});
