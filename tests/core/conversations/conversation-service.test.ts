import { expect, test } from 'vitest';
import { createConversationService } from '../../../src/core/conversations/conversation-service.ts';
import { chatKit } from './chat-kit.ts';

async function serviceKit() {
  const kit = await chatKit([{ text: 'one', usage: { inputTokens: 7, outputTokens: 3 } }, { text: 'two' }]);
  return { ...kit, service: createConversationService(kit.deps) };
}

test('a turn is told with how it ended, what it used and where it came from', async () => {
  const { service, send } = await serviceKit();
  const { turnId } = (await send('hello')).end;
  const [turn] = await service.turns([turnId, 'none']);
  expect(turn).toMatchObject({
    id: turnId,
    state: 'done',
    error: null,
    inputTokens: 7,
    outputTokens: 3,
    channels: ['terminal'],
  });
});
