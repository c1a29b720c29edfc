/** Builds dist: an ESM bundle split by command, oclif's manifest and the text of every --help. Writes aside and swaps, so that a running claw never sees half a build. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { slimOclif } from './slim-oclif.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'dist');
const fresh = join(root, `dist.${process.pid}`);

/** Packages with native parts or files of their own; they stay in node_modules. */
const NATIVE = ['better-sqlite3', 'keytar', '@napi-rs/keyring', 'oxc-parser', 'quickjs-emscripten', '@jitl/*'];

/** Ink asks for its debugger only in development; the package is not installed. */
const STUBBED = new Set(['react-devtools-core']);

/** Bundled CommonJS packages still say require, __filename and __dirname. */
const REQUIRE_SHIM = {
  js:
    "import { createRequire as __createRequire } from 'node:module';" +
    'const require = __createRequire(import.meta.url);' +
    'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
};

async function bundle(): Promise<void> {
  const entries = ['src/cli/main.ts', 'src/cli/help.ts', ...globSync('src/commands/**/*.{ts,tsx}', { cwd: root })];
  await build({
    absWorkingDir: root,
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
    banner: REQUIRE_SHIM,
    plugins: [
      slimOclif,
      {
        name: 'stub-missing',
        setup(hooks) {
          hooks.onResolve({ filter: /^react-devtools-core$/ }, ({ path }) =>
            STUBBED.has(path) ? { path, namespace: 'stub' } : undefined,
          );
          hooks.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: 'export default {};' }));
        },
      },
    ],
    logLevel: 'warning',
  });
}

/** What lives behind the walls: single files, so that a wall has to show them and nothing else. */
async function bundleSandbox(): Promise<void> {
  const folder = join(fresh, 'sandbox');
  const source = (name: string): string => join(root, 'src', 'core', 'sandbox', name);
  const common = { bundle: true, format: 'esm', minifySyntax: true, minifyWhitespace: true, legalComments: 'none', logLevel: 'warning' } as const;
  const forNode = { ...common, platform: 'node', target: 'node26' } as const;
  await Promise.all([
    build({ ...forNode, entryPoints: [source('child/quickjs-child.ts')], outfile: join(folder, 'quickjs-child.js'), banner: REQUIRE_SHIM }),
    build({ ...forNode, entryPoints: [source('child/node-child.ts')], outfile: join(folder, 'node-child.js') }),
    build({ ...common, platform: 'neutral', entryPoints: [source('author/tool.ts')], outfile: join(folder, 'author.js') }),
    build({ ...common, platform: 'neutral', format: 'iife', target: 'es2023', entryPoints: [source('child/prelude.ts')], outfile: join(folder, 'prelude.js') }),
  ]);
  const variant = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  copyFileSync(variant, join(folder, 'quickjs.wasm'));
}

function swap(): void {
  const old = join(root, `dist.${process.pid}.old`);
  if (existsSync(target)) renameSync(target, old);
  renameSync(fresh, target);
  rmSync(old, { recursive: true, force: true });
}

const started = performance.now();
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
try {
  await Promise.all([bundle(), bundleSandbox()]);
  execFileSync(process.execPath, [join(root, 'scripts', 'describe-commands.ts'), fresh], { stdio: 'inherit' });
  swap();
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
process.stdout.write(`built dist in ${Math.round(performance.now() - started)} ms\n`);
