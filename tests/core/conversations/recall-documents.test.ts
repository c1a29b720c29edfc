import { expect, test } from 'vitest';
import { recallDocuments } from '../../../src/core/conversations/recall-documents.ts';
import type { Part } from '../../../src/core/kernel/messages.ts';
import { type Kit, chatKit } from './chat-kit.ts';

const BLOCK = '<knowledge>\nFerns like shade.\n</knowledge>\n';

interface Asked {
  readonly userId: string;
  readonly said: string;
}

/** A conversation whose first turn is over, and what recalls into it. */
async function answered(said = 'where do ferns grow?') {
  const kit = await chatKit([{ text: 'In the shade.' }]);
  const { end } = await kit.send(said);
  const asked: Asked[] = [];
  const recallInto = (more: object = {}): Promise<void> =>
    recallDocuments(
      {
        store: kit.store,
        recall: async (userId, words) => {
          asked.push({ userId, said: words });
          return BLOCK;
        },
      },
      {
        conversationId: end.conversationId,
        userId: kit.userId,
        startSeq: 1,
        turnId: end.turnId,
        resumed: false,
        ...more,
      },
    );
  return { kit, end, asked, recallInto, parts: () => firstParts(kit, end.conversationId) };
}

async function firstParts({ store }: Kit, conversationId: string): Promise<Part[]> {
  const [first] = await store.conversations.messages(conversationId);
  return JSON.parse(first?.parts ?? '[]') as Part[];
}

test("passages stand after claw's own remarks and before the person's words, which alone are asked for", async () => {
  const { kit, asked, parts, recallInto } = await answered();
  const before = await parts();
  await recallInto();
  expect(asked).toEqual([{ userId: kit.userId, said: 'where do ferns grow?' }]);
  const at = before.findIndex((part) => part.type === 'text' && part.provenance !== 'claw');
  const passages = { type: 'text', text: BLOCK, provenance: 'file' };
  expect(await parts()).toEqual([...before.slice(0, at), passages, ...before.slice(at)]);
});

test('they are told once', async () => {
  const { asked, parts, recallInto } = await answered();
  await recallInto();
  const once = await parts();
  await recallInto();
  expect(await parts()).toEqual(once);
  expect(asked).toHaveLength(1);
});

test('a message without clear passages stays as it was', async () => {
  const { kit, end, parts } = await answered();
  const before = await parts();
  await recallDocuments(
    { store: kit.store, recall: async () => undefined },
    { conversationId: end.conversationId, userId: kit.userId, startSeq: 1, turnId: end.turnId, resumed: false },
  );
  expect(await parts()).toEqual(before);
});

test('what the model has seen of a turn that is taken over is not changed; what it has not seen is', async () => {
  const { asked, recallInto } = await answered();
  await recallInto({ resumed: true });
  expect(asked).toEqual([]);
  await recallInto({ resumed: true, turnId: 'never-asked' });
  expect(asked).toHaveLength(1);
});

test('nothing is looked up in a room', async () => {
  const { kit, end, asked, recallInto } = await answered();
  await kit.store.rooms.insertFolderIfAbsent({
    folder: 'room-1',
    conversation_id: end.conversationId,
    owner_id: kit.userId,
    created_at: 0,
  });
  await recallInto();
  expect(asked).toEqual([]);
});
