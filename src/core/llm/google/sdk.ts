/** Owns the door to Google's SDK: its types, and a client for the Gemini API that leaves retrying and calling tools to claw. The package is loaded at the first call. */
import type {
  Content,
  FunctionDeclaration,
  FunctionCallingConfig,
  FunctionCallingConfigMode as Mode,
  GenerateContentResponse,
  Part,
} from '@google/genai';
import type { Credential } from '../credential.ts';
import type { CallOptions } from '../language-model.ts';
import type { Connection } from '../stream-response.ts';
import { withoutVersion } from '../wire-model.ts';

export type GoogleContent = Content;
export type GooglePart = Part;
export type GoogleChunk = GenerateContentResponse;
export type GoogleTool = FunctionDeclaration;

export interface GoogleRequest {
  readonly model: string;
  readonly system: string;
  readonly contents: GoogleContent[];
  readonly tools: GoogleTool[];
  readonly maxOutputTokens: number;
  readonly options: CallOptions;
}

interface Access {
  readonly baseUrl: string;
  readonly credential: Credential | undefined;
}

/** The version of the API that knows tools with JSON Schema, call ids and thought signatures. */
const API_VERSION = 'v1beta';

/** Sends one request and gives its chunks. */
export async function openGemini(
  { baseUrl, credential }: Access,
  { model, system, contents, tools, maxOutputTokens, options }: GoogleRequest,
  connection: Connection,
): Promise<AsyncIterable<GoogleChunk>> {
  const { GoogleGenAI, FunctionCallingConfigMode } = await import('@google/genai');
  const client = new GoogleGenAI({
    apiKey: credential?.value ?? '',
    enterprise: false,
    httpOptions: {
      apiVersion: API_VERSION,
      baseUrl: withoutVersion(baseUrl, API_VERSION),
      ...(credential?.headers === undefined ? {} : { headers: { ...credential.headers } }),
      fetch: connection.fetch,
    },
  });
  return client.models.generateContentStream({
    model,
    contents,
    config: {
      maxOutputTokens,
      ...(system === '' ? {} : { systemInstruction: system }),
      ...(tools.length === 0 ? {} : { tools: [{ functionDeclarations: tools }] }),
      ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
      ...(options.stop === undefined ? {} : { stopSequences: [...options.stop] }),
      ...(options.toolChoice === undefined
        ? {}
        : { toolConfig: { functionCallingConfig: callingConfig(options.toolChoice, FunctionCallingConfigMode) } }),
      automaticFunctionCalling: { disable: true },
      automaticContinuation: false,
      abortSignal: connection.signal,
    },
  });
}

function callingConfig(choice: NonNullable<CallOptions['toolChoice']>, mode: typeof Mode): FunctionCallingConfig {
  if (typeof choice === 'object') return { mode: mode.ANY, allowedFunctionNames: [choice.name] };
  return { mode: { auto: mode.AUTO, none: mode.NONE, required: mode.ANY }[choice] };
}
