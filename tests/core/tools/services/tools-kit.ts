/** Owns what tests of chats over the real tools and the real walls share. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createApprovalService } from '../../../../src/core/conversations/approvals.ts';
import { createChatService } from '../../../../src/core/conversations/chat-service.ts';
import { systemClock } from '../../../../src/core/kernel/clock.ts';
import type { ApprovalRequest, ToolEnd, TurnEnd, TurnEvent } from '../../../../src/core/kernel/events.ts';
import type { JsonObject } from '../../../../src/core/kernel/messages.ts';
import { homePaths } from '../../../../src/core/kernel/paths.ts';
import { createDocumentReader } from '../../../../src/core/sandbox/document-reader.ts';
import { createProcessSandbox } from '../../../../src/core/sandbox/process-sandbox.ts';
import { createTools } from '../../../../src/core/tools/create-tools.ts';
import { packageRoot } from '../../../../src/core/tools/source/own-program.ts';
import { chatKit, type Reply } from '../../conversations/chat-kit.ts';

/** A chat over the real tools and the real walls, whose model follows `script`. */
export async function talk(script: readonly Reply[]) {
  const kit = await chatKit(script);
  const sandbox = createProcessSandbox({ folder: join(packageRoot(), 'dist', 'sandbox'), idleMs: 0 });
  onTestFinished(() => sandbox.close());
  const approvals = createApprovalService({ store: kit.store, clock: systemClock, expiryMs: 600_000 });
  const paths = homePaths(kit.home);
  const policy = { paths, workspace: join(paths.groups, 'main'), disabled: [], trusted: [], origins: {}, settings: {} };
  const exec = { level: 'ask' as const, allow: [], desktop: {} };
  const secret = async () => undefined;
  const tools = createTools({
    store: kit.store,
    clock: systemClock,
    sandbox,
    reader: async () => createDocumentReader({ folder: join(packageRoot(), 'dist', 'sandbox') }),
    approvals,
    policy: { ...policy, exec },
    secret,
  });
  const chat = createChatService({ ...kit.deps, tools });
  const send = async (text: string, onApproval?: (request: ApprovalRequest) => void): Promise<TurnEvent[]> => {
    const events: TurnEvent[] = [];
    const canAsk = onApproval !== undefined;
    const signal = AbortSignal.timeout(30_000);
    for await (const event of chat.send({
      userId: kit.userId,
      text,
      signal,
      canAsk,
      ...(conversationId === undefined ? {} : { conversationId }),
    })) {
      if (event.type === 'turn-start') conversationId = event.conversationId;
      if (event.type === 'approval-request') onApproval?.(event);
      events.push(event);
    }
    return events;
  };
  let conversationId: string | undefined;
  return { ...kit, send, approvals, tools };
}

export const endOf = (events: readonly TurnEvent[]): TurnEnd | undefined =>
  events.find((event) => event.type === 'turn-end');
export const toolEnds = (events: readonly TurnEvent[]): ToolEnd[] =>
  events.filter((event) => event.type === 'tool-end');

export const call = (name: string, input: JsonObject): Reply => ({ calls: [{ id: `call_${name}`, name, input }] });
