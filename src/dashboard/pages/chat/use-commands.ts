/** Owns what the commands of the composer do, by the routes that everybody has. */
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiError, ask } from '../../api/client.ts';
import { count, money } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { COMMANDS, type Typed } from './slash-commands.ts';
import type { LiveChat } from './use-chat.ts';
import { exportAddress } from './export-address.ts';

export interface Commands {
  /** What the last one has to say. */
  readonly said: string | undefined;
  run(typed: Typed): void;
  forget(): void;
}

interface CommandPlace {
  readonly live: LiveChat;
  readonly conversationId: string | undefined;
  /** Of the newest message; 0 when there is none. */
  readonly lastSeq: number;
  /** The number of the message that began the last turn; 0 when there is none. */
  readonly lastStart: number;
  readonly onModel: (model: string | undefined) => void;
}

export function useCommands({ live, conversationId: id, lastSeq, lastStart, onModel }: CommandPlace): Commands {
  const { chat, state } = useTexts();
  const navigate = useNavigate();
  const [said, setSaid] = useState<string>();
  const branchAt = async (at: number): Promise<undefined> => {
    if (id === undefined) return undefined;
    const made = await ask('POST /conversations/{id}/branch', { params: { id }, body: { at } });
    await navigate(`/dashboard/chat/${made.id}`);
    return undefined;
  };
  const act = async ({ name, argument }: Typed): Promise<string | undefined> => {
    switch (name) {
      case 'new':
        await navigate('/dashboard/chat');
        return undefined;
      case 'model':
        onModel(argument === '' ? undefined : argument);
        return argument === '' ? chat.usualModel('') : argument;
      case 'branch':
        return branchAt(lastSeq);
      case 'undo':
        return lastStart === 0 ? chat.nothingToUndo : branchAt(lastStart - 1);
      case 'compact': {
        if (id === undefined) return chat.nothingToCompact;
        const done = await ask('POST /conversations/{id}/compact', { params: { id }, body: {} });
        return done.compacted ? chat.compacted(done.up_to_seq ?? 0) : chat.nothingToCompact;
      }
      case 'export':
        if (id !== undefined) window.location.assign(exportAddress(id, argument === 'json' ? 'json' : 'markdown'));
        return undefined;
      case 'cost': {
        if (id === undefined) return chat.usage('0', money(0));
        const facts = await ask('GET /conversations/{id}/facts', { params: { id } });
        return chat.usage(count(facts.input_tokens + facts.output_tokens), money(facts.cost_usd));
      }
      case 'stop':
        live.acts.stop();
        return undefined;
      case 'help':
        return COMMANDS.map((each) => `/${each}: ${chat.commands[each]}`).join('\n');
    }
  };
  return {
    said,
    run(typed) {
      setSaid(undefined);
      act(typed).then(setSaid, (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        setSaid(state.failed(error.message));
      });
    },
    forget: () => setSaid(undefined),
  };
}
