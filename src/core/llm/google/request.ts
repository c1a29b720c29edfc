/** Owns the way out to the Gemini API: https://ai.google.dev/api/generate-content. Pure conversion. */
import type { Part, ToolResultPart } from '../../kernel/messages.ts';
import type { ModelRequest } from '../language-model.ts';
import { type SendableMessage, sendableMessages } from '../sendable-messages.ts';
import type { GoogleContent, GooglePart, GoogleRequest } from './sdk.ts';

/** Gemini from version 3 on refuses a call without a thought signature; this one is documented for calls that another model made. */
const FOREIGN_SIGNATURE = 'skip_thought_signature_validator';
const WITHOUT_SIGNATURES = /^gemini-[12]\b/;

export function googleRequest(
  request: ModelRequest,
  provider: string,
  model: string,
  maxOutputTokens: number,
): GoogleRequest {
  const system = request.system.map(({ text }) => text).filter((text) => text.trim() !== '');
  return {
    model,
    system: system.join('\n\n'),
    contents: sendableMessages(request.messages, provider).map((message) => toContent(message, model)),
    tools: request.tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      parametersJsonSchema: inputSchema,
    })),
    maxOutputTokens,
    options: request.options ?? {},
  };
}

function toContent({ role, parts }: SendableMessage, model: string): GoogleContent {
  const converted = parts.flatMap(toParts);
  return {
    role: role === 'assistant' ? 'model' : 'user',
    parts: WITHOUT_SIGNATURES.test(model) ? converted : signed(converted),
  };
}

function toParts(part: Part): GooglePart[] {
  switch (part.type) {
    case 'text':
      return [{ text: part.text }];
    case 'image':
      return [{ inlineData: { mimeType: part.mediaType, data: part.data } }];
    case 'reasoning':
      // A summary of thoughts is for people; what the model needs again is the signature.
      return part.opaque === undefined ? [] : [{ text: '', thoughtSignature: part.opaque }];
    case 'tool-call': {
      const functionCall = { id: part.callId, name: part.name, args: part.input };
      return [part.opaque === undefined ? { functionCall } : { functionCall, thoughtSignature: part.opaque }];
    }
    case 'tool-result':
      return [{ functionResponse: { id: part.callId, name: part.name, response: resultOf(part) } }];
  }
}

/** The keys `output` and `error` are the API's own. */
function resultOf({ status, output }: ToolResultPart): Record<string, string> {
  return status === 'ok' ? { output } : { error: `${status}: ${output}` };
}

/** Only the first of parallel calls carries a signature. */
function signed(parts: GooglePart[]): GooglePart[] {
  const calls = parts.filter(({ functionCall }) => functionCall !== undefined);
  const [first] = calls;
  if (first === undefined || calls.some(({ thoughtSignature }) => thoughtSignature !== undefined)) return parts;
  return parts.map((part) => (part === first ? { ...part, thoughtSignature: FOREIGN_SIGNATURE } : part));
}
