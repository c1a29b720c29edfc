/** Owns which chunks become one file. The bundler gives every set of modules that the same commands share a file of its own; a file costs 0.4 ms at each start however small it is, and a chat had 165. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';

/** Source files whose chunks, with all they import, become one file; a chunk goes to the first group that has it. Everything in a group is loaded together, so name only what is used together. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  // Every command.
  start: ['src/cli/main.ts', 'src/core/config/interface-language.ts', 'src/commands/conversation/list.ts'],
  // What looks into the home.
  store: [
    'src/core/store/store.ts',
    'src/core/access/local-user.ts',
    'src/core/conversations/conversation-service.ts',
    'src/core/secrets/mask.ts',
  ],
  // A turn, up to the model.
  turn: [
    'src/commands/chat.ts',
    'src/core/accounts/account-service.ts',
    'src/core/accounts/credentials.ts',
    'src/core/accounts/refresher.ts',
    'src/core/accounts/token-vault.ts',
    'src/core/agent/fit-output.ts',
    'src/core/agent/system-prompt.ts',
    'src/core/agent/turn-context.ts',
    'src/core/config/settings-table.ts',
    'src/core/conversations/approvals.ts',
    'src/core/conversations/chat-service.ts',
    'src/core/conversations/log-turns.ts',
    'src/core/conversations/send-service.ts',
    'src/core/knowledge/recall-knowledge.ts',
    'src/core/llm/open-models.ts',
    'src/core/llm/secret-credentials.ts',
    'src/core/memory/recall.ts',
    'src/core/sandbox/container/container-wall.ts',
    'src/core/sandbox/process-sandbox.ts',
    'src/core/secrets/choose-stores.ts',
    'src/core/secrets/secret-service.ts',
    'src/core/secrets/secret-texts.ts',
    'src/core/spending/budgets.ts',
    'src/core/spending/period.ts',
    'src/core/spending/prices.ts',
    'src/core/tools/create-tools.ts',
    'src/core/tools/source/own-program.ts',
    'src/core/wiring/accounts.ts',
    'src/core/wiring/attach-file.ts',
    'src/core/wiring/social-accounts.ts',
    'src/core/wiring/spending.ts',
  ],
};

type Outputs = Metafile['outputs'];

/** Where the names of a chunk stand now: `file`, each behind `prefix`; the whole of it as `prefix`. */
interface Place {
  readonly file: string;
  readonly prefix: string;
}

/** Rewrites the bundle in `folder`; the keys of `outputs` are paths that end as the files there do. */
export async function groupChunks(folder: string, outputs: Outputs): Promise<void> {
  const groups = membersOfGroups(outputs);
  // The names of chunks are hashes of what they hold.
  const names = Object.values(groups).map((members) => members.map((path) => basename(path)));
  const version = createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 8).toUpperCase();
  const places = new Map<string, Place>();
  for (const [group, members] of Object.entries(groups)) {
    const file = `${group}-${version}.js`;
    for (const [at, member] of members.entries()) places.set(basename(member), { file, prefix: `m${at}` });
  }
  const texts = await Promise.all(
    Object.entries(groups).map(async ([group, members]) => {
      return [`chunks/${group}-${version}.js`, await merged(folder, outputs, members)] as const;
    }),
  );
  for (const name of places.keys()) rmSync(join(folder, 'chunks', name));
  for (const [file, text] of texts) writeFileSync(join(folder, file), redirected(text, places));
  const written = new Set<string>(texts.map(([file]) => file));
  for (const file of globSync('{cli,commands,core,chunks}/**/*.js', { cwd: folder })) {
    if (written.has(file)) continue;
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    const changed = redirected(text, places);
    if (changed !== text) writeFileSync(path, changed);
  }
}

function membersOfGroups(outputs: Outputs): Record<string, readonly string[]> {
  const byEntry = new Map(Object.entries(outputs).map(([path, { entryPoint }]) => [entryPoint, path]));
  const taken = new Set<string>();
  const groups: Record<string, readonly string[]> = {};
  for (const [group, seeds] of Object.entries(GROUPS)) {
    const members: string[] = [];
    const visit = (path: string): void => {
      if (taken.has(path)) return;
      taken.add(path);
      for (const { path: next, kind } of outputs[path]?.imports ?? [])
        if (kind === 'import-statement' && outputs[next] !== undefined) visit(next);
      // Commands and programs stay where they are looked for.
      if (path.includes('/chunks/')) members.push(path);
    };
    for (const seed of seeds) {
      const path = byEntry.get(seed);
      if (path === undefined) throw new Error(`${seed} is no longer loaded lazily: take it out of ${group}`);
      visit(path);
    }
    groups[group] = members;
  }
  return groups;
}

/** One file with everything that `members` export. What they load lazily, and what is not of the group, is still imported as before. */
async function merged(folder: string, outputs: Outputs, members: readonly string[]): Promise<string> {
  const names = new Set(members.map((path) => basename(path)));
  const lines = members.map((path, at) => {
    const { exports, entryPoint } = outputs[path] ?? { exports: [] };
    const each = exports.map((name) => `${name} as m${at}_${name}`).join(',');
    const whole = entryPoint === undefined ? '' : `export*as m${at} from"./${basename(path)}";`;
    return `import"./${basename(path)}";export{${each}}from"./${basename(path)}";${whole}`;
  });
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: join(folder, 'chunks') },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'esnext',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [
      {
        name: 'stay-outside',
        setup(hooks) {
          hooks.onResolve({ filter: /./ }, ({ path, kind }) =>
            kind === 'entry-point' || (kind === 'import-statement' && names.has(basename(path)))
              ? undefined
              : { path, external: true },
          );
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

/** The text of a bundled file with its imports of chunks that are part of a group turned to the group. */
function redirected(text: string, places: ReadonlyMap<string, Place>): string {
  return text
    .replaceAll(
      /import(?:\{([^{}]*)\}from)?"(\.[^"]*?)([^"/]+)"/g,
      (whole, names: string | undefined, folder, name) => {
        const place = places.get(name);
        if (place === undefined) return whole;
        const taken = names?.split(',').map((each) => aliased(each, place.prefix));
        return `import${taken === undefined ? '' : `{${taken.join(',')}}from`}"${folder}${place.file}"`;
      },
    )
    .replaceAll(/import\("(\.[^"]*?)([^"/]+)"\)/g, (whole, folder, name) => {
      const place = places.get(name);
      return place === undefined ? whole : `import("${folder}${place.file}").then(m=>m.${place.prefix})`;
    });
}

/** `name` or `name as other` of an import list, with the name it has in the group. */
function aliased(item: string, prefix: string): string {
  const [name, other = name] = item.trim().split(' as ');
  return `${prefix}_${name} as ${other}`;
}
