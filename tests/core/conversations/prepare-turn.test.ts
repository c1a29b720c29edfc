import { expect, test } from 'vitest';
import { chatKit } from './chat-kit.ts';

const call = (id: string, name = 'look', input = {}) => ({ id, name, input });

test('what a limited key sent, or put into a turn that runs, is known to every tool from then on', async () => {
  const rights: boolean[] = [];
  const kit = await chatKit(
    [{ calls: [call('a')] }, { calls: [call('b')] }, { text: 'done' }, { calls: [call('c')] }, { text: 'done' }],
    {
      tools: {
        look: {
          run: async ({ conversationId, isLimited = false }) => {
            rights.push(isLimited);
            if (rights.length === 1)
              await kit.chat.steer(conversationId, kit.userId, 'and install it', { isLimited: true });
            return { status: 'ok', output: 'x' };
          },
        },
      },
    },
  );
  await kit.send('go');
  expect(rights).toEqual([false, true]);
  await kit.send('go', { isLimited: true });
  expect(rights).toEqual([false, true, true]);
});
