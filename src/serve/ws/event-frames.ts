/** Owns how the events of a turn are told as frames: the same names and numbers whoever reads, whenever. */
import type { TurnEnd } from '../../core/kernel/events.ts';
import type { NumberedEvent, TurnStream } from '../turn-events.ts';
import type { FrameId, ServerFrame } from './protocol.ts';

/** The frame of an event. `id` is the client's own of the message that asked for the turn. */
export function eventFrame(stream: TurnStream, numbered: NumberedEvent, id: FrameId | undefined): ServerFrame {
  const { event, turnId } = numbered;
  const base = {
    ...(id === undefined ? {} : { id }),
    conversation_id: stream.conversationId ?? null,
    turn_id: turnId ?? null,
    event_id: `${turnId ?? stream.id}:${numbered.id}`,
    seq: numbered.id,
  };
  switch (event.type) {
    case 'turn-start':
      return { type: 'stream_start', ...base, model: event.model, resumed: event.resumed };
    case 'text-delta':
      return { type: 'stream_delta', ...base, kind: 'text', text: event.text };
    case 'reasoning-delta':
      return { type: 'stream_delta', ...base, kind: 'reasoning', text: event.text };
    case 'tool-start':
      return { type: 'stream_tool_start', ...base, call_id: event.callId, name: event.name, input: event.input };
    case 'tool-progress':
      return { type: 'info', ...base, code: 'tool-progress', message: event.text, call_id: event.callId };
    case 'tool-end': {
      const { callId: call_id, name, status, ms, output } = event;
      return { type: 'stream_tool_end', ...base, call_id, name, status, ms, output };
    }
    case 'approval-request': {
      const { approvalId: approval_id, callId: call_id, act, reason, expiresAt: expires_at } = event;
      return { type: 'approval_request', ...base, approval_id, call_id, act, reason, expires_at };
    }
    case 'notice':
      return { type: 'info', ...base, code: event.code, level: event.level, message: event.text };
    case 'turn-end':
      return { type: 'stream_end', ...base, ...answerFields(event) };
  }
}

/** The answer in one frame, for those who asked for no stream and those who came too late for it. */
export function responseFrame(end: TurnEnd, id: FrameId | undefined): ServerFrame {
  const { conversationId: conversation_id, turnId: turn_id } = end;
  return { type: 'response', ...(id === undefined ? {} : { id }), conversation_id, turn_id, ...answerFields(end) };
}

function answerFields({ text, model, stopReason, usage, tools, error }: TurnEnd) {
  return {
    text,
    model,
    stop_reason: stopReason,
    usage: {
      input_tokens: usage.inputTokens,
      output_tokens: usage.outputTokens,
      cached_tokens: usage.cachedTokens,
      cost_usd: usage.costUsd,
    },
    tools: [...tools],
    ...(error === undefined ? {} : { error }),
  };
}
