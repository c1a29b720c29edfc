/** Owns what the log says of a turn: its ids, model, tools, costs and reasons, and none of its words. */
import type { TurnEvent } from '../kernel/events.ts';
import type { Log } from '../kernel/log.ts';
import type { ChatService } from './chat-service.ts';

/** The same service, its turns logged. */
export function logTurns(chat: ChatService, log: Log): ChatService {
  return {
    ...chat,
    async *send(request) {
      const logEvent = turnLogger(log);
      for await (const event of chat.send(request)) {
        logEvent(event);
        yield event;
      }
    },
  };
}

/** Logs the events of one turn after the other. */
export function turnLogger(log: Log): (event: TurnEvent) => void {
  let turnId: string | undefined;
  return (event) => {
    if (event.type === 'turn-start') turnId = event.turnId;
    logEvent(log, turnId, event);
  };
}

function logEvent(log: Log, turn: string | undefined, event: TurnEvent): void {
  switch (event.type) {
    case 'turn-start':
      log.info(
        { turn, conversation: event.conversationId, model: event.model, resumed: event.resumed },
        'turn started',
      );
      return;
    case 'tool-end':
      log.info({ turn, call: event.callId, tool: event.name, status: event.status, ms: event.ms }, 'tool call ended');
      return;
    case 'approval-request':
      log.info({ turn, approval: event.approvalId }, 'approval asked');
      return;
    case 'notice':
      log.warn({ turn, code: event.code }, 'notice');
      return;
    case 'turn-end': {
      const { inputTokens, outputTokens, costUsd } = event.usage;
      const fields = { turn, reason: event.stopReason, inputTokens, outputTokens, costUsd, error: event.error?.code };
      if (event.stopReason === 'error') log.error(fields, 'turn failed');
      else log.info(fields, 'turn ended');
      return;
    }
    case 'text-delta':
    case 'reasoning-delta':
    case 'tool-start':
    case 'tool-progress':
  }
}
