/** Owns what of oclif goes into the bundle: only what runs a command whose manifest is known. Looking for commands and plugins on disk happens at build, with the whole oclif. */
import type { Plugin } from 'esbuild';

/** Instead of the package's index, which loads everything. */
const DOOR = `
export * as Args from '@oclif/core/args';
export { Command } from '@oclif/core/command';
export { Config } from '@oclif/core/config';
export * as Flags from '@oclif/core/flags';
export { CommandHelp } from '@oclif/core/help';
`;

/** Packages that oclif loads for what a manifest makes needless. */
const STUBS: Readonly<Record<string, string>> = {
  // Finds plugins by patterns; claw has none.
  minimatch: 'exports.minimatch = () => false;',
  // Lists command files when there is no manifest.
  tinyglobby: "exports.glob = () => { throw new Error('dist has no manifest: run npm run build'); };",
  // Its own debugging output and the printing of its own errors; claw has a log and prints errors itself.
  debug: 'module.exports = () => Object.assign(() => {}, { enabled: false });',
  'clean-stack': 'module.exports = (stack) => stack;',
  // Tells Windows' Linux from Linux, for a user agent that claw does not send.
  'wsl-utils': 'export const isWsl = false;',
};

/** Files of oclif itself that load what nobody asks of them, by who loads them. */
const INNER_STUBS: readonly { readonly from: RegExp; readonly path: string; readonly contents: string }[] = [
  // Help after a mistake, and the flag that shows it: claw has a help of its own, loaded when it is asked for.
  { from: /errors[/\\]handle\.js$/, path: '../help/index', contents: 'exports.loadHelpClass = undefined;' },
  { from: /lib[/\\]flags\.js$/, path: './help', contents: 'exports.Help = undefined;' },
  // A spinner with ninety figures; claw shows progress itself. It is made at load where stderr is a terminal.
  { from: /ux[/\\]index\.js$/, path: './action/spinner', contents: 'module.exports = class { stop() {} };' },
];

export const slimOclif: Plugin = {
  name: 'slim-oclif',
  setup(build) {
    build.onResolve({ filter: /^@oclif\/core$/ }, ({ path, importer }) =>
      importer.includes('node_modules') ? undefined : { path, namespace: 'slim-oclif', sideEffects: false },
    );
    const stubbed = new RegExp(`^(${Object.keys(STUBS).join('|')})$`);
    build.onResolve({ filter: stubbed }, ({ path, importer }) =>
      importer.includes('@oclif') ? { path, namespace: 'slim-oclif' } : undefined,
    );
    for (const { from, path, contents } of INNER_STUBS) {
      const filter = new RegExp(`^${path.replaceAll('.', '\\.')}$`);
      const namespace = `slim-oclif:${path}`;
      build.onResolve({ filter }, ({ importer }) =>
        importer.includes('@oclif') && from.test(importer) ? { path, namespace } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace }, () => ({ contents }));
    }
    build.onLoad({ filter: /.*/, namespace: 'slim-oclif' }, ({ path }) => ({
      contents: STUBS[path] ?? DOOR,
      loader: 'js',
      resolveDir: import.meta.dirname,
    }));
  },
};
