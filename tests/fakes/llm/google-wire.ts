/** Speaks the Gemini API, from https://ai.google.dev/api/generate-content. Its calls may come without ids, and a stream has no end mark but a finish reason. */
import { sse, type SeenRequest } from './model-server.ts';
import { DEFAULT_USAGE, stopOf, type SpokenAnswer, type Wire } from './wire.ts';

interface Part {
  text?: string;
  inlineData?: { mimeType: string; data: string };
  functionCall?: { id?: string; name: string; args: unknown };
  functionResponse?: { id?: string; name: string; response: { output?: string; error?: string } };
  thoughtSignature?: string;
}
interface Body {
  contents: { role: string; parts: Part[] }[];
  systemInstruction?: { parts: Part[] };
  tools?: { functionDeclarations: { name: string }[] }[];
  generationConfig?: { maxOutputTokens?: number };
}

const STOPS = { complete: 'STOP', 'tool-calls': 'STOP', 'max-output-tokens': 'MAX_TOKENS', refusal: 'SAFETY' } as const;

const bodyOf = ({ body }: SeenRequest): Body => body as Body;
const partsOf = (request: SeenRequest): Part[] => bodyOf(request).contents.flatMap(({ parts }) => parts);

export const googleWire: Wire = {
  speak(answer) {
    const usage = { ...DEFAULT_USAGE, ...answer.usage };
    const chunk = (parts: object[], more: object = {}): string =>
      sse({ candidates: [{ content: { role: 'model', parts }, index: 0, ...more }], modelVersion: 'gemini-test' });
    const usageMetadata = {
      promptTokenCount: usage.input,
      candidatesTokenCount: usage.output,
      cachedContentTokenCount: usage.cached,
      totalTokenCount: usage.input + usage.output,
    };
    const end = {
      candidates: [
        { content: { role: 'model', parts: [{ text: '' }] }, finishReason: STOPS[stopOf(answer)], index: 0 },
      ],
      usageMetadata,
    };
    return [
      ...(answer.reasoning === undefined ? [] : [chunk([{ text: answer.reasoning, thought: true }])]),
      ...(answer.text ?? []).map((text) => chunk([{ text }])),
      ...callParts(answer).map((part) => chunk([part])),
      sse(end),
    ];
  },
  opening: () => googleWire.speak({ text: ['Hello'] }).slice(0, 1),
  errorBody: (status, message) => ({
    error: { code: status, message, status: status === 429 ? 'RESOURCE_EXHAUSTED' : 'UNKNOWN' },
  }),
  overloadedEvent: () => sse({ error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' } }),
  malformedEvent: () => sse('{"candidates":[{"content":'),
  complaints,
  system: (request) => (bodyOf(request).systemInstruction?.parts ?? []).map(({ text }) => text).join(''),
  texts: (request) =>
    partsOf(request).flatMap(({ text, thoughtSignature }) => (thoughtSignature === undefined ? (text ?? []) : [])),
  images: (request) =>
    partsOf(request).flatMap(({ inlineData }) =>
      inlineData === undefined ? [] : { mediaType: inlineData.mimeType, data: inlineData.data },
    ),
  calls: (request) =>
    partsOf(request).flatMap(({ functionCall }) =>
      functionCall === undefined
        ? []
        : { id: functionCall.id ?? '', name: functionCall.name, input: functionCall.args },
    ),
  results: (request) =>
    partsOf(request).flatMap(({ functionResponse }) =>
      functionResponse === undefined
        ? []
        : {
            id: functionResponse.id ?? '',
            output: functionResponse.response.output ?? functionResponse.response.error ?? '',
          },
    ),
  opaques: (request) => partsOf(request).flatMap(({ thoughtSignature }) => thoughtSignature ?? []),
  tools: (request) =>
    (bodyOf(request).tools ?? []).flatMap(({ functionDeclarations }) => functionDeclarations.map(({ name }) => name)),
  maxTokens: (request) => bodyOf(request).generationConfig?.maxOutputTokens ?? 0,
};

/** Arguments that are no JSON cannot be spoken here: the wire carries an object. */
function callParts(answer: SpokenAnswer): Part[] {
  return (answer.calls ?? []).map(({ id, name, input }, index) => ({
    functionCall: { ...(id === undefined ? {} : { id }), name, args: input },
    ...(index === 0 && answer.opaque !== undefined ? { thoughtSignature: answer.opaque } : {}),
  }));
}

function complaints(request: SeenRequest): string[] {
  const { contents } = bodyOf(request);
  const wrong: string[] = [];
  if (!/^\/v1beta\/models\/[^/]+:streamGenerateContent\?alt=sse$/.test(request.path))
    wrong.push(`not the Gemini API: ${request.path}`);
  if (contents[0]?.role !== 'user') wrong.push('the first content is not from the user');
  for (const [index, { role, parts }] of contents.entries()) {
    if (parts.length === 0) wrong.push('content without parts');
    const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
    if (calls.length > 0 && role !== 'model') wrong.push('a call that is not the model’s');
    // Gemini from version 3 on.
    if (
      calls.length > 0 &&
      !request.path.includes('/gemini-2') &&
      !parts.some(({ functionCall, thoughtSignature }) => functionCall !== undefined && thoughtSignature !== undefined)
    ) {
      wrong.push('Function call is missing a thought_signature');
    }
    const answers = (contents[index + 1]?.parts ?? []).flatMap(({ functionResponse }) => functionResponse ?? []);
    const named = (list: { id?: string; name: string }[]): string => list.map(({ id, name }) => `${id}/${name}`).join();
    if (named(calls) !== named(answers)) wrong.push(`calls ${named(calls)} are answered by ${named(answers)}`);
    if (parts.some(({ text, thoughtSignature }) => text?.trim() === '' && thoughtSignature === undefined))
      wrong.push('empty text');
  }
  return wrong;
}
