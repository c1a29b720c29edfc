/** Owns a stand-in of an OAuth token endpoint on loopback: refresh tokens that are good once, codes bound to a PKCE challenge, and whatever else a test queues. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TokenReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** The answer begins when this resolves. */
  readonly after?: Promise<unknown>;
}

interface TokenRequest {
  readonly json: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
}

export interface TokenServer {
  readonly url: string;
  readonly requests: readonly TokenRequest[];
  /** Every access and refresh token it gave out. */
  readonly given: readonly string[];
  /** The next answers, before it answers by itself again. */
  readonly replies: TokenReply[];
  /** Of its own answers. */
  readonly answer: { expiresIn: number; rotates: boolean; headers: Record<string, string> };
  /** The next request uses up its token and gets its answer only when `until` resolves. */
  rotateAndHold(onAsked: () => void, until: Promise<unknown>): void;
  /** Forgets the requests so far. */
  forget(): void;
  /** Makes a refresh token good. */
  issue(): string;
  /** What the page would show after a yes: the code that is bound to the challenge of `authorizeUrl`. */
  approve(authorizeUrl: string): { code: string; state: string };
  close(): Promise<void>;
}

export async function openTokenServer(): Promise<TokenServer> {
  const requests: TokenRequest[] = [];
  const given: string[] = [];
  const replies: TokenReply[] = [];
  const good = new Set<string>();
  const codes = new Map<string, string>();
  let held: { readonly onAsked: () => void; readonly until: Promise<unknown> } | undefined;
  const answer = { expiresIn: 8 * 3600, rotates: true, headers: {} as Record<string, string> };
  const token = (kind: string): string => {
    const made = `${kind}-${randomBytes(18).toString('base64url')}`;
    given.push(made);
    return made;
  };
  const issue = (): string => {
    const made = token('renewer');
    good.add(made);
    return made;
  };
  const tokens = (refresh: string | undefined): TokenReply => ({
    headers: answer.headers,
    body: JSON.stringify({
      token_type: 'Bearer',
      access_token: token('access'),
      expires_in: answer.expiresIn,
      scope: 'user:inference user:profile',
      ...(refresh === undefined ? {} : { refresh_token: refresh }),
    }),
  });
  const refuse = (error: string): TokenReply => ({ status: 400, body: JSON.stringify({ error }) });
  const own = (json: TokenRequest['json']): TokenReply => {
    if (json['grant_type'] === 'authorization_code') {
      const code = json['code'] ?? '';
      const challenge = codes.get(code);
      codes.delete(code);
      const proof = createHash('sha256')
        .update(json['code_verifier'] ?? '')
        .digest('base64url');
      return challenge === proof ? tokens(issue()) : refuse('invalid_grant');
    }
    const shown = json['refresh_token'] ?? '';
    if (!good.has(shown)) return refuse('invalid_grant');
    if (!answer.rotates) return tokens(undefined);
    good.delete(shown);
    return tokens(issue());
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const json = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>;
      requests.push({ json, headers: request.headers });
      const {
        status = 200,
        headers = {},
        body,
        after = held?.until ?? Promise.resolve(),
      } = replies.shift() ?? own(json);
      held?.onAsked();
      held = undefined;
      void after.then(() => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/oauth/token`,
    requests,
    given,
    replies,
    answer,
    rotateAndHold: (onAsked, until) => (held = { onAsked, until }),
    forget: () => void requests.splice(0),
    issue,
    approve: (authorizeUrl) => {
      const query = new URL(authorizeUrl).searchParams;
      const code = `code-${randomBytes(9).toString('base64url')}`;
      codes.set(code, query.get('code_challenge') ?? '');
      return { code, state: query.get('state') ?? '' };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
