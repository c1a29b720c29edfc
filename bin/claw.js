#!/usr/bin/env node
/** Owns the start: the right Node, the compile cache, and help and version without loading anything. Must run on any Node >= 18, so it uses nothing newer before the check. */
import { accessSync, constants, readFileSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED_NODE = 26;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];
/** The server: no debugger by a signal, and a heap that is collected before it grows; V8 would size it by the machine. */
const SERVER_FLAGS = ['--disable-sigusr1', '--max-old-space-size=256', '--max-semi-space-size=4'];
const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const dist = join(root, 'dist');

/** Runs this file again with the Node of the package `node` that npm put beside claw, passing on stdio, signals and the end. */
async function startAgain() {
  const node = installedNode();
  if (node === undefined) {
    fail(
      `claw needs Node ${NEEDED_NODE} or newer; this is Node ${process.versions.node}.`,
      `Install it from https://nodejs.org or with "npm install -g --allow-scripts=node node@${NEEDED_NODE}"; in a clone of claw, "npm ci" brings it.`,
    );
  }
  const { spawn } = await import('node:child_process');
  const flags = isServer(process.argv.slice(2)) ? SERVER_FLAGS : [];
  const words = [...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(node, words, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes; once is enough for the child.
  const isTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of SIGNALS) {
    process.on(signal, () => (signal === 'SIGINT' && isTerminal ? undefined : child.kill(signal)));
  }
  child.on('error', (error) => fail(`claw could not start ${node}: ${error.message}`, 'Run "npm ci" again.'));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const each of SIGNALS) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}

/** Whether these words run the server, and not only ask about it. */
function isServer(argv) {
  return argv[0] === 'serve' && !argv.some((word) => ['--help', '-h', '--check'].includes(word));
}

/** Becomes the same process anew with the flags of the server; flags that were given outrank them. Returns where there is no way to do so. */
function becomeServer() {
  const { execPath, execArgv, argv } = process;
  if (execArgv.includes(SERVER_FLAGS[0]) || process.execve === undefined || process.platform === 'win32') return;
  process.execve(execPath, [execPath, ...SERVER_FLAGS, ...execArgv, ...argv.slice(1)]);
}

/** The program of the package `node`, when it is new enough. */
function installedNode() {
  try {
    const description = module.createRequire(join(root, 'bin', 'claw.js')).resolve('node/package.json');
    const { version } = JSON.parse(readFileSync(description, 'utf8'));
    const node = join(dirname(description), 'bin', 'node');
    accessSync(node, constants.X_OK);
    return Number.parseInt(version, 10) >= NEEDED_NODE ? node : undefined;
  } catch {
    return undefined;
  }
}

function fail(message, hint) {
  process.stderr.write(`claw: ${message}\n      ${hint}\n`);
  process.exit(1);
}

/** The text that help or version would print, made at build; undefined when a command has to run. */
async function readyText(argv) {
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-v')) {
    const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return `${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`;
  }
  const isNarrow = process.stdout.isTTY && process.stdout.columns < 80;
  const end = words.indexOf('--');
  const asked = end === -1 ? words : words.slice(0, end);
  const asksHelp = words.length === 0 || asked.includes('--help') || asked.at(-1) === '-h';
  if (isNarrow || !asksHelp) return undefined;
  const folder = await helpFolder(words);
  if (folder === undefined) return undefined;
  const names = [];
  for (const word of asked) {
    if (!/^[a-z][a-z0-9-]*$/.test(word)) break;
    names.push(word);
  }
  if (words.length > 0 && names.length === 0 && asked[0] !== '--help' && asked[0] !== '-h') return undefined;
  for (let count = names.length; count > 0; count--) {
    const text = readText(folder, `${names.slice(0, count).join(' ')}.txt`);
    if (text !== undefined) return text;
  }
  return names.length === 0 ? readText(folder, '_root.txt') : undefined;
}

/** The folder of help in the language that is asked for; undefined when the settings must be read. */
async function helpFolder(words) {
  try {
    const { helpLanguage } = await import(pathToFileURL(join(dist, 'core', 'config', 'help-language.js')).href);
    return helpLanguage(words);
  } catch {
    return undefined; // not built: said by the way that loads claw
  }
}

function readText(folder, name) {
  try {
    return readFileSync(join(dist, 'help', folder, name), 'utf8');
  } catch {
    return undefined;
  }
}

/** Beside dist where that is writable (a clone), else in the user's own cache: never in a directory others can write. */
function cacheDirectory() {
  try {
    accessSync(dist, constants.W_OK);
    return join(dist, '.cache');
  } catch {
    return join(homedir(), '.cache', 'claw', 'compile');
  }
}

if (Number.parseInt(process.versions.node, 10) < NEEDED_NODE) {
  await startAgain();
} else {
  const argv = process.argv.slice(2);
  const text = await readyText(argv);
  if (isServer(argv)) becomeServer();
  if (text === undefined) {
    module.enableCompileCache(cacheDirectory());
    const main = join(dist, 'cli', 'main.js');
    try {
      accessSync(main);
    } catch {
      fail('this copy of claw is not built.', `Run "npm ci" or "npm run build" in ${root}.`);
    }
    const { main: run } = await import(pathToFileURL(main).href);
    await run(argv, { root, flushCompileCache: module.flushCompileCache });
  } else {
    process.stdout.write(text);
  }
}
