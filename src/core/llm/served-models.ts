/** Owns the question which models a server of the OpenAI API has: the public list at `GET /models`. */
import type { Credential } from './credential.ts';

const TIMEOUT_MS = 2000;
const MAX_ANSWER_CHARS = 2_000_000;

/** Ids that the server at `baseUrl` lists; empty when it does not answer within two seconds, or not with a list. */
export async function servedModels(baseUrl: string, credential: Credential | undefined): Promise<string[]> {
  const bare = baseUrl.replace(/\/+$/, '');
  const addresses = new URL(bare).pathname === '/' ? [`${bare}/models`, `${bare}/v1/models`] : [`${bare}/models`];
  for (const address of addresses) {
    const models = await ask(address, credential);
    if (models.length > 0) return models;
  }
  return [];
}

async function ask(address: string, credential: Credential | undefined): Promise<string[]> {
  try {
    const response = await fetch(address, {
      headers: credential === undefined ? {} : { ...credential.headers, authorization: `Bearer ${credential.value}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    return response.ok ? listedIds((await response.text()).slice(0, MAX_ANSWER_CHARS)) : [];
  } catch {
    return []; // nothing there, or something that is no model server
  }
}

/** Ids of the public list format `{data: [{id}]}`; empty when it is something else. Throws `SyntaxError` for what is no JSON. */
export function listedIds(body: string): string[] {
  const { data } = JSON.parse(body) as { data?: unknown };
  if (!Array.isArray(data)) return [];
  return data.flatMap((entry: unknown) => {
    const id = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
    return typeof id === 'string' && id.length <= 200 ? [id] : [];
  });
}
