// Where the names of PyTorch's modules are found here, looked up in the library as it is.

/** Paths below `sconce`, in the order in which a name is looked for. */
const HOMES = {
  'torch.nn': ['nn'],
  'torch.nn.functional': ['nn.functional', ''],
  'torch.nn.init': ['nn.init'],
  'torch.nn.utils': ['nn.utils', 'nn', 'optim'],
  'torch.nn.utils.rnn': ['nn.utils.rnn'],
  'torch.nn.utils.parametrize': ['nn.utils.parametrize'],
  'torch.nn.utils.parametrizations': ['nn.utils.parametrizations'],
  'torch.nn.utils.prune': ['nn.utils.prune'],
  'torch.nn.utils.stateless': ['nn.utils.stateless', 'nn.utils', 'nn'],
  'torch.optim': ['optim'],
  'torch.optim.lr_scheduler': ['optim'],
  'torch.optim.swa_utils': ['optim'],
};

/** `index_select` is `indexSelect`, `add_` stays. */
const camelCase = (name) => name.replace(/(?<=[^_])_+([^_])/g, (_, char) => char.toUpperCase());

function resolve(library, path) {
  return path === '' ? library : path.split('.').reduce((home, part) => home?.[part], library);
}

/** Every row: PyTorch's surface, name and parameters, and the path of ours or the reason why there is none.
 *  @throws for a name that is neither here nor listed, and for one listed as absent that is here or that PyTorch does not have. */
export function listRows({ api, library, naming }) {
  const problems = [];
  const rows = [];
  for (const [surface, entries] of Object.entries(api)) {
    const found = (name) => {
      const paths = HOMES[surface].map((home) => (home === '' ? name : `${home}.${name}`));
      return paths.find((path) => resolve(library, path) !== undefined);
    };
    for (const [name, entry] of Object.entries(entries)) {
      const renamed = naming.renamed(name);
      const ours = found(camelCase(name)) ?? (renamed && found(renamed.replace(/^.*\./, '')));
      const reason = naming.whyAbsent(surface, name);
      if (ours === undefined && reason === undefined)
        problems.push(`${surface}.${name} is neither here nor listed in docs/naming.md`);
      if (ours !== undefined && reason !== undefined)
        problems.push(`${surface}.${name} is listed as absent and is here: ${ours}`);
      rows.push({ surface, name, ours, reason, ...entry });
    }
    for (const name of naming.absent(surface))
      if (!(name in entries)) problems.push(`${surface}.${name} is listed as absent and PyTorch does not have it`);
  }
  return { rows, problems };
}

export { camelCase };
