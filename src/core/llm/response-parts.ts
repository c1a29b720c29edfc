/** Owns the assistant message as it grows from stream events: parts in the order in which they began. */
import { newId } from '../kernel/ids.ts';
import type { Part, ReasoningPart, ToolCallPart } from '../kernel/messages.ts';
import { parseToolInput } from './tool-input.ts';

interface OpenCall {
  readonly type: 'open-call';
  id: string;
  name: string;
  json: string;
}

type GrowingPart =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string; opaque?: string }
  | OpenCall
  | ToolCallPart;

export class ResponseParts {
  readonly #provider: string;
  readonly #parts: GrowingPart[] = [];
  readonly #calls = new Map<number, OpenCall>();

  constructor(provider: string) {
    this.#provider = provider;
  }

  get hasCalls(): boolean {
    return this.#parts.some(({ type }) => type === 'open-call' || type === 'tool-call');
  }

  addText(text: string): void {
    const last = this.#parts.at(-1);
    if (last?.type === 'text') last.text += text;
    else this.#parts.push({ type: 'text', text });
  }

  addReasoning(text: string): void {
    const last = this.#parts.at(-1);
    if (last?.type === 'reasoning' && last.opaque === undefined) last.text += text;
    else this.#parts.push({ type: 'reasoning', text });
  }

  /** Ends the reasoning that is open, or adds one without text. */
  sealReasoning(opaque: string): void {
    const last = this.#parts.at(-1);
    if (last?.type === 'reasoning' && last.opaque === undefined) last.opaque = opaque;
    else this.#parts.push({ type: 'reasoning', text: '', opaque });
  }

  /** Begins the call that the provider numbers `index`, or completes what is known of it. */
  openCall(index: number, id: string | undefined, name: string | undefined): void {
    const known = this.#calls.get(index);
    if (known !== undefined) {
      known.id ||= id ?? '';
      known.name ||= name ?? '';
      return;
    }
    const call: OpenCall = { type: 'open-call', id: id ?? '', name: name ?? '', json: '' };
    this.#calls.set(index, call);
    this.#parts.push(call);
  }

  addCallInput(index: number, json: string): void {
    const call = this.#calls.get(index);
    if (call !== undefined) call.json += json;
  }

  /** Adds a call that came in one piece. */
  addCall(call: ToolCallPart): void {
    this.#parts.push(call);
  }

  /** The message. `isCutOff`: the answer reached its length limit, so that the last call may be half. Empty text is left out. */
  finish(isCutOff: boolean): Part[] {
    const seen = new Set<string>();
    const last = this.#parts.at(-1);
    return this.#parts.flatMap((part): Part[] => {
      switch (part.type) {
        case 'text':
          return part.text === '' ? [] : [{ type: 'text', text: part.text, provenance: 'assistant' }];
        case 'reasoning':
          return part.text === '' && part.opaque === undefined ? [] : [this.#reasoning(part)];
        case 'open-call': {
          const input = parseToolInput(part.json, isCutOff && part === last);
          return [{ type: 'tool-call', callId: freshId(part.id, seen), name: part.name, ...input }];
        }
        case 'tool-call':
          return [{ ...part, callId: freshId(part.callId, seen) }];
      }
    });
  }

  #reasoning({ text, opaque }: { text: string; opaque?: string }): ReasoningPart {
    return { type: 'reasoning', text, provider: this.#provider, ...(opaque === undefined ? {} : { opaque }) };
  }
}

/** The provider's id, or a new one when it is missing or stands for another call of the same answer. */
function freshId(id: string, seen: Set<string>): string {
  const unique = id === '' || seen.has(id) ? `call_${newId().replaceAll('-', '')}` : id;
  seen.add(unique);
  return unique;
}
