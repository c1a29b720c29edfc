/** Owns which credential a call is made with: one taken for each, and another one when the provider refuses it before anything of an answer came. */
import { ClawError } from '../kernel/errors.ts';
import type { Usage } from '../kernel/messages.ts';
import type { Phrase } from '../kernel/language/phrase.ts';
import type { Credential, Credentials } from './credential.ts';
import { type LanguageModel, type ModelEvent, ModelFailure, type ModelRequest } from './language-model.ts';
import { formatRef, type ModelRef } from './model-ref.ts';

/** So often a call is made again with another credential. */
const MAX_RENEWALS = 2;

export interface AuthorizationDeps {
  readonly credentials: Credentials;
  /** The adapter that sends this credential. */
  readonly open: (credential: Credential | undefined) => Promise<LanguageModel>;
  readonly onNotice: (notice: { readonly code: string; readonly phrase: Phrase }) => void;
}

/** The model that `ref` names, with a credential taken at each call. A credential that cannot be had is a `ModelFailure` of the kind `auth`, with its `ClawError` as cause. */
export function createAuthorizedModel(ref: ModelRef, deps: AuthorizationDeps): LanguageModel {
  return { ...ref, stream: (request) => streamAuthorized(ref, deps, request) };
}

async function* streamAuthorized(
  ref: ModelRef,
  { credentials, open, onNotice }: AuthorizationDeps,
  request: ModelRequest,
): AsyncGenerator<ModelEvent> {
  const { provider } = ref;
  for (let renewals = 0; ; renewals += 1) {
    const credential = await take(credentials, provider);
    if (credential?.notice !== undefined) onNotice(credential.notice);
    const model = await open(credential);
    let isVisible = false;
    let billed: Usage | undefined;
    try {
      for await (const event of model.stream(request)) {
        if (event.type === 'usage') billed = event.usage;
        isVisible ||= event.type !== 'response-start' && event.type !== 'usage';
        yield event;
      }
      return;
    } catch (error) {
      if (isVisible || credential === undefined || !(error instanceof ModelFailure)) throw error;
      const failure = failureOfCredential(credential, error);
      if (failure === undefined) throw error;
      const { again, notice } = await credentials.failed(provider, credential, failure);
      if (notice !== undefined) onNotice(notice);
      if (!again || renewals === MAX_RENEWALS || request.signal.aborted) throw error;
      const usage = billed === undefined ? {} : { usage: billed };
      yield { type: 'try-lost', model: formatRef(ref), failure: error.kind, ...usage };
    }
  }
}

/** `error` when another credential may mend it. A subscription that is limited has used up its allowance, however its provider words that. */
function failureOfCredential({ kind: proof }: Credential, error: ModelFailure): ModelFailure | undefined {
  const { kind, message, ...details } = error;
  if (kind === 'auth' || kind === 'usage-limit') return error;
  return kind === 'rate-limited' && proof === 'bearer'
    ? new ModelFailure('usage-limit', message, { ...details, cause: error })
    : undefined;
}

async function take(credentials: Credentials, provider: string): Promise<Credential | undefined> {
  try {
    return await credentials.take(provider);
  } catch (error) {
    if (!(error instanceof ClawError)) throw error;
    throw new ModelFailure('auth', error.message, { provider, cause: error });
  }
}
