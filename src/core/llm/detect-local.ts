/** Owns the search for model servers on this machine: the usual ports of Ollama, LM Studio, llama.cpp and vLLM, on loopback only. */
import { listedIds } from './served-models.ts';

export interface LocalServer {
  readonly name: string;
  /** Base URL of its OpenAI-compatible API. */
  readonly baseUrl: string;
  readonly models: readonly string[];
}

/** Default ports, from each server's own documentation. */
const CANDIDATES: readonly (readonly [name: string, port: number])[] = [
  ['Ollama', 11_434],
  ['LM Studio', 1234],
  ['llama.cpp', 8080],
  ['vLLM', 8000],
];

const TIMEOUT_MS = 400;
const MAX_ANSWER_CHARS = 200_000;

/** Servers that answer `GET /v1/models` within 400 ms each; they are asked at the same time. */
export async function detectLocalServers(fetchLike: typeof fetch, candidates = CANDIDATES): Promise<LocalServer[]> {
  const found = await Promise.all(candidates.map(([name, port]) => ask(fetchLike, name, port)));
  return found.filter((server) => server !== undefined);
}

async function ask(fetchLike: typeof fetch, name: string, port: number): Promise<LocalServer | undefined> {
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  try {
    const response = await fetchLike(`${baseUrl}/models`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    const models = response.ok ? listedIds((await response.text()).slice(0, MAX_ANSWER_CHARS)) : [];
    return models.length === 0 ? undefined : { name, baseUrl, models };
  } catch {
    return undefined; // nothing there, or something that is no model server
  }
}
