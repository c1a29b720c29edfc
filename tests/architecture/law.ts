/** The law of the source tree as data: ranks, doors and sizes. Everything else in this folder only reads it. */

/** Longest matching path wins. A file imports from its own folder and from lower ranks. */
export const RANKS: Readonly<Record<string, number>> = {
  bin: 10,
  'src/commands': 9,
  'src/cli': 8,
  'src/repl': 8,
  'src/serve': 8,
  'src/dashboard': 8,
  // The frames of the WebSocket are one text for the server and the browser.
  'src/serve/ws/protocol.ts': 7,
  'src/core/create-app.ts': 7,
  'src/core/wiring': 6,
  'src/core/tasks': 5,
  'src/core/doctor': 5,
  'src/core/import': 5,
  'src/core/conversations': 4,
  'src/core/agent': 3,
  'src/core/webhooks': 3,
  'src/core/marketplace': 3,
  'src/core/access': 2,
  'src/core/accounts': 2,
  'src/core/tools': 2,
  'src/core/memory': 2,
  'src/core/knowledge': 2,
  'src/core/spending': 2,
  'src/core/audit': 2,
  'src/core/backup': 2,
  'src/core/retention': 2,
  'src/core/config': 1,
  'src/core/store': 1,
  'src/core/llm': 1,
  'src/core/secrets': 1,
  'src/core/sandbox': 1,
  'src/core/net': 1,
  'src/core/kernel': 0,
};

/** Paths (a folder, or a file) that may import a package. A package without a row may be imported nowhere. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  '@oclif/core': ['src/cli', 'src/commands'],
  ink: ['src/repl'],
  react: ['src/repl', 'src/dashboard'],
  marked: ['src/repl', 'src/serve/channels', 'src/dashboard'],
  'react-dom': ['src/dashboard'],
  'react-router': ['src/dashboard'],
  lowlight: ['src/dashboard'],
  '@tanstack/react-query': ['src/dashboard'],
  '@tanstack/react-virtual': ['src/dashboard'],
  'get-east-asian-width': ['src/core/kernel/text-width.ts'],
  'better-sqlite3': ['src/core/store'],
  kysely: ['src/core/store'],
  '@anthropic-ai/sdk': ['src/core/llm'],
  openai: ['src/core/llm'],
  '@google/genai': ['src/core/llm'],
  cockatiel: ['src/core/llm'],
  undici: ['src/core/net'],
  jose: ['src/core/access'],
  'ipaddr.js': ['src/core/net'],
  json5: ['src/core/import'],
  keytar: ['src/core/secrets/keychain.ts'],
  'node:child_process': ['src/core/sandbox', 'bin/claw.js'],
  '@jitl/quickjs-wasmfile-release-sync': ['src/core/sandbox/child'],
  'quickjs-emscripten-core': ['src/core/sandbox/child'],
  'oxc-parser': ['src/core/tools'],
  '@mozilla/readability': ['src/core/knowledge/read'],
  linkedom: ['src/core/knowledge/read'],
  mammoth: ['src/core/knowledge/read'],
  unpdf: ['src/core/knowledge/read'],
  'playwright-core': ['src/core/tools/services'],
  tar: ['src/core/backup'],
  turndown: ['src/core/knowledge/read'],
  pino: ['src/core/kernel/log.ts'],
  re2js: ['src/core/conversations'],
  fastify: ['src/serve/http'],
  'cron-parser': ['src/core/tasks/cron.ts'],
  cronstrue: ['src/core/tasks/in-words.ts'],
  grammy: ['src/serve/channels'],
  '@slack/socket-mode': ['src/serve/channels'],
  '@slack/web-api': ['src/serve/channels'],
  ws: ['src/serve/channels', 'src/serve/ws'],
  zod: ['src'],
};

/** Packages that one file alone may import. */
export const ONE_FILE_PACKAGES: readonly string[] = [
  '@anthropic-ai/sdk',
  'openai',
  '@google/genai',
  'keytar',
  'pino',
  'jose',
];

/** What a shipped or published tool may import: its author's interface and nothing else. */
export const TOOL_FOLDERS: readonly string[] = ['tools', 'marketplace'];
export const TOOL_IMPORTS: readonly string[] = ['claw/tool', 'zod'];

/** The only folder that reads claw's environment; the programs of a tool's own process empty theirs. */
export const ENVIRONMENT_DOOR = 'src/core/config';

/** Programs of a tool's own process: what they hold at module level is that tool's, for one turn at most. */
export const ONE_CALL_PROGRAMS = 'src/core/sandbox/child';

export const MAX_FILE_LINES = 350;
export const MAX_COMMAND_LINES = 50;
export const MAX_FUNCTION_LINES = 70;
/** A React component: a function with a capital in a .tsx file. */
export const MAX_COMPONENT_LINES = 120;
