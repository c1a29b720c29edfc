/** Builds dist: an ESM bundle split by command, oclif's manifest and the text of every --help. Writes aside and moves in at the end, so that a claw that runs meanwhile never sees half a build. With --clean nothing of an older build stays. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { licencesOf } from './collect-licences.ts';
import { build as buildPages } from 'vite';
import { groupChunks } from './group-chunks.ts';
import { slimOclif } from './slim-oclif.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'dist');
const isClean = process.argv.includes('--clean');
const fresh = join(root, `dist.${process.pid}`);

/** Packages with native parts or files of their own; they stay in node_modules. */
const NATIVE = [
  'better-sqlite3',
  'keytar',
  '@napi-rs/keyring',
  'oxc-parser',
  'quickjs-emscripten',
  '@jitl/*',
  'playwright-core',
];

/** How long chunks of an older build stay for a claw that is running. */
const KEPT_MS = 10 * 60_000;

/** Ink asks for its debugger only in development; the package is not installed. */
const STUBBED = new Set(['react-devtools-core']);

/** Bundled CommonJS packages still say require, __filename and __dirname. */
const REQUIRE_SHIM = {
  js:
    'const require = globalThis.process.getBuiltinModule("node:module").createRequire(import.meta.url);' +
    'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
};

/** Resolves with the files that went in. */
async function bundle(): Promise<string[]> {
  // A program of its own that claw starts is named *-main.ts and lies in dist where it lies in src.
  const entries = ['src/cli/main.ts', ...globSync(['src/commands/**/*.{ts,tsx}', 'src/**/*-main.ts'], { cwd: root })];
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: entries.map((path) => ({ in: path, out: relative('src', path).replace(/\.tsx?$/, '') })),
    outdir: fresh,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'esnext',
    jsx: 'automatic',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: false,
    legalComments: 'none',
    sourcemap: false,
    external: NATIVE,
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.OCLIF_DISABLE_ENGINE_WARNING': '"1"',
      'process.env.DEV': '"false"',
    },
    plugins: [
      slimOclif,
      {
        name: 'stub-missing',
        setup(hooks) {
          hooks.onResolve({ filter: /^react-devtools-core$/ }, ({ path }) =>
            STUBBED.has(path) ? { path, namespace: 'stub' } : undefined,
          );
          // grammy brings a fetch of its own although it is handed Node's: it takes time to load, and Node warns of its parts.
          hooks.onResolve({ filter: /^node-fetch$/ }, ({ path, importer }) =>
            /[/\\]grammy[/\\]/.test(importer) ? { path, namespace: 'own-fetch' } : undefined,
          );
          // zod takes its messages along in 50 languages; claw says in its own words what is wrong.
          hooks.onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ path, importer }) =>
            /[/\\]zod[/\\]/.test(importer) ? { path, namespace: 'stub' } : undefined,
          );
          hooks.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: 'export default {};' }));
          hooks.onLoad({ filter: /.*/, namespace: 'own-fetch' }, () => ({
            contents: 'export default globalThis.fetch;',
          }));
        },
      },
    ],
    logLevel: 'warning',
  });
  await groupChunks(fresh, metafile.outputs);
  for (const file of globSync('{cli,commands,core,chunks}/**/*.js', { cwd: fresh })) finish(join(fresh, file));
  return Object.keys(metafile.inputs);
}

/** The last hand on a file: what CommonJS has by itself, where it is asked for, and modules of Node without their ESM face. */
function finish(path: string): void {
  const text = readFileSync(path, 'utf8');
  const asks = /\b(?:require|__filename|__dirname)\b/.test(text);
  const finished = `${asks ? `${REQUIRE_SHIM.js}\n` : ''}${withoutFaces(text)}`;
  if (finished !== text) writeFileSync(path, finished);
}

/** An import of one name makes Node read every export of the module, and the lazy ones (streams of fs, the fetch behind http) load what they stand for: 3 ms of each start and more. */
function withoutFaces(text: string): string {
  const taken: string[] = [];
  const rest = text.replaceAll(
    /(^|[;\n}])import(?: ([\w$]+))?,?(?:\{([^{}]*)\}|\* ?as ([\w$]+))? ?from"(node:[a-z/_]+)";?/g,
    (
      _,
      before: string,
      whole: string | undefined,
      names: string | undefined,
      star: string | undefined,
      name: string,
    ) => {
      const module = `globalThis.process.getBuiltinModule("${name}")`;
      for (const each of [whole, star]) if (each !== undefined) taken.push(`${each}=${module}`);
      if (names !== undefined) taken.push(`{${names.replaceAll(' as ', ':')}}=${module}`);
      return before;
    },
  );
  return taken.length === 0 ? text : `const ${taken.join(',')};\n${rest}`;
}

/** What bin/claw.js asks before it shows help: one file with nothing around it, since every help waits for it. */
async function bundleHelpLanguage(): Promise<void> {
  const path = 'core/config/help-language';
  await build({
    entryPoints: [join(root, 'src', `${path}.ts`)],
    outfile: join(fresh, `${path}.js`),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
  });
}

/** What lives behind the walls: single files, so that a wall has to show them and nothing else. */
async function bundleSandbox(): Promise<string[]> {
  const folder = join(fresh, 'sandbox');
  const source = (name: string): string => join(root, 'src', 'core', 'sandbox', name);
  const common = {
    bundle: true,
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    absWorkingDir: root,
    metafile: true,
  } as const;
  const forNode = { ...common, platform: 'node', target: 'node26' } as const;
  const built = await Promise.all([
    build({
      ...forNode,
      entryPoints: [source('child/quickjs-child.ts')],
      outfile: join(folder, 'quickjs-child.js'),
      // The engine's loader for Node imports modules of Node for files it does not read: 8 ms of each start.
      conditions: ['browser'],
    }),
    build({ ...forNode, entryPoints: [source('child/node-child.ts')], outfile: join(folder, 'node-child.js') }),
    build({
      ...forNode,
      entryPoints: [join(root, 'src/core/knowledge/read/reader-child.ts')],
      outfile: join(folder, 'reader-child.js'),
      banner: REQUIRE_SHIM,
    }),
    build({
      ...common,
      platform: 'neutral',
      entryPoints: [source('author/tool.ts')],
      outfile: join(folder, 'author.js'),
    }),
    build({
      ...common,
      platform: 'neutral',
      format: 'iife',
      target: 'es2023',
      entryPoints: [source('child/prelude.ts')],
      outfile: join(folder, 'prelude.js'),
    }),
  ]);
  const variant = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  copyFileSync(variant, join(folder, 'quickjs.wasm'));
  return [...built.flatMap(({ metafile }) => Object.keys(metafile.inputs)), relative(root, variant)];
}

/** The pages for a browser, split by page; packed once, here, for every answer. */
async function bundleDashboard(): Promise<string[]> {
  const folder = join(fresh, 'dashboard');
  const built = await buildPages({
    root: join(root, 'src', 'dashboard'),
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: folder,
      target: 'es2023',
      sourcemap: false,
      // Nothing of a page stands in its text: the policy forbids it.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
  for (const file of globSync('assets/*.{js,css,svg}', { cwd: folder })) {
    writeFileSync(join(folder, `${file}.br`), brotliCompressSync(readFileSync(join(folder, file))));
  }
  const outputs = [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  const modules = outputs.flatMap((each) => (each.type === 'chunk' ? each.moduleIds : []));
  return modules.filter((id) => id.includes('/node_modules/')).map((id) => relative(root, id));
}

/** Moves the new build into dist file by file, what others import first. Old chunks stay a while: a claw that runs may yet load them. */
function install(): void {
  const files = globSync('**/*', { cwd: fresh, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(fresh, join(entry.parentPath, entry.name)))
    .toSorted((a, b) => Number(isShared(b)) - Number(isShared(a)));
  for (const file of files) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    renameSync(join(fresh, file), join(target, file));
  }
  const isNew = new Set(files);
  for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const file = relative(target, path);
    if (entry.isFile() && !isNew.has(file) && (isClean || !isShared(file) || isOld(path)))
      rmSync(path, { force: true });
  }
}

function isShared(file: string): boolean {
  return file.startsWith('chunks/') || file.startsWith('.cache/') || file.startsWith('dashboard/assets/');
}

function isOld(path: string): boolean {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > KEPT_MS;
}

const started = performance.now();
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
try {
  await bundleHelpLanguage();
  const files = await Promise.all([bundle(), bundleSandbox(), bundleDashboard()]);
  writeFileSync(join(fresh, 'LICENSES.txt'), licencesOf(files.flat(), root));
  execFileSync(process.execPath, [join(root, 'scripts', 'describe-commands.ts'), fresh], { stdio: 'inherit' });
  execFileSync(process.execPath, [join(root, 'scripts', 'describe-tools.ts'), fresh], { stdio: 'inherit' });
  install();
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
process.stdout.write(`built dist in ${Math.round(performance.now() - started)} ms\n`);
