/** Owns what tests of `claw auth` through the binary share: stand-ins of Claude's token endpoint and of the model, a home, and everything that was printed. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { type ModelReply, type ModelServer, type SeenRequest, startModelServer } from '../fakes/llm/model-server.ts';
import { openTokenServer, type TokenServer } from '../fakes/oauth/token-server.ts';
import { type ClawRun, runClaw, temporaryDirectory } from './run-claw.ts';

export const MINUTE = 60_000;

/** What the model stand-in answers a request that shows `proof`: a bearer token or a key. */
export type Answering = (proof: string, request: SeenRequest) => ModelReply | undefined;

export interface AuthKit {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly server: TokenServer;
  readonly model: ModelServer;
  /** The proof of each model call: `bearer X` or `key X`, and never both. */
  proofs(): string[];
  /** Everything that was printed. */
  readonly printed: string[];
  run(args: readonly string[], env?: Readonly<Record<string, string>>, input?: string): Promise<ClawRun>;
  json(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<unknown>;
  /** Path of the file of the Claude CLI, written with a log-in that ends `leftMs` from now, and taken over. */
  importLogin(
    leftMs: number,
  ): Promise<{ readonly path: string; readonly accessToken: string; readonly refreshToken: string }>;
}

export async function authKit(answering: Answering = () => undefined): Promise<AuthKit> {
  const server = await openTokenServer();
  onTestFinished(() => server.close());
  const model = await startModelServer([(request) => answering(proofOf(request), request) ?? says('Hello there.')]);
  onTestFinished(() => model.close());
  const home = await temporaryDirectory();
  const env = {
    CLAUDE_OAUTH_TOKEN_URL: server.url,
    ANTHROPIC_BASE_URL: model.url,
    LLM_MODEL: 'anthropic/claude-sonnet-5',
    LLM_RETRY_COUNT: '0',
  };
  const printed: string[] = [];
  const run: AuthKit['run'] = async (args, extra = {}, input = '') => {
    const done = await runClaw(args, { home, env: { ...env, ...extra }, input, timeoutMs: 40_000 });
    printed.push(done.stdout, done.stderr);
    return done;
  };
  return {
    home,
    env,
    server,
    model,
    printed,
    run,
    proofs: () => model.requests.map(proofOf),
    json: async (args, extra) => JSON.parse((await run([...args, '--json'], extra)).stdout) as unknown,
    importLogin: async (leftMs) => {
      const path = join(home, 'cli', '.credentials.json');
      mkdirSync(join(home, 'cli'), { recursive: true });
      const login = {
        accessToken: `access-imported-${Math.random().toString(36).slice(2)}`,
        refreshToken: server.issue(),
        expiresAt: Date.now() + leftMs,
        scopes: ['user:inference'],
        subscriptionType: 'max',
      };
      writeFileSync(path, JSON.stringify({ claudeAiOauth: login, mcpOAuth: { kept: true } }), { mode: 0o644 });
      const done = await run(['auth', 'login', 'claude', '--import', path, '--accept-risk']);
      if (done.code !== 0) throw new Error(done.stderr);
      return { path, ...login };
    },
  };
}

export function says(text: string): ModelReply {
  return { pieces: anthropicWire.speak({ text: [text] }) };
}

function proofOf({ headers }: SeenRequest): string {
  const { authorization, 'x-api-key': key } = headers;
  const proofs = [
    ...(authorization === undefined ? [] : [String(authorization).replace(/^Bearer /, 'bearer ')]),
    ...(key === undefined ? [] : [`key ${String(key)}`]),
  ];
  return proofs.join(' and ');
}

/** `secret` in each form it is likely to take. */
export function formsOfSecret(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [secret, base64, bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(secret)];
}

/** The files below `folder`, unpacked where they are packed, that hold `secret` in some form, but for those named in `except`. */
export function filesWith(folder: string, secret: string, except: readonly string[]): string[] {
  const forms = formsOfSecret(secret);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => {
    const path = join(folder, file);
    if (except.includes(file) || !statSync(path).isFile()) return false;
    const content = unpacked(readFileSync(path)).toString('latin1');
    return forms.some((form) => content.includes(form));
  });
}

function unpacked(bytes: Buffer): Buffer {
  const magic = bytes.subarray(0, 4).toString('hex');
  if (magic === '28b52ffd') return zstdDecompressSync(bytes);
  return magic.startsWith('1f8b') ? gunzipSync(bytes) : bytes;
}
