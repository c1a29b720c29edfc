/** Owns the message that is being written: its words, files and model, kept until they are sent, and what Enter makes of them. */
import { type RefObject, useEffect, useState } from 'react';
import { runningTurn } from './chat-state.ts';
import { NO_DRAFT, readDraft, readModel, writeDraft, writeModel } from './kept.ts';
import { wordsOf, type PastMessage } from './read-message.ts';
import { readCommand } from './slash-commands.ts';
import { uploadAgain } from './upload.ts';
import { type Attachments, useAttachments } from './use-attachments.ts';
import type { LiveChat, Said } from './use-chat.ts';
import { type Commands, useCommands } from './use-commands.ts';
import type { History } from './use-history.ts';

import type { MessageActs } from './use-message-acts.ts';

export interface ComposerPlace {
  readonly live: LiveChat;
  readonly conversationId: string | undefined;
  readonly history: History;
  readonly acts: MessageActs;
  /** The message that is said anew. */
  readonly editing: PastMessage | undefined;
  readonly onEdited: () => void;
}

export interface Writing {
  readonly text: string;
  readonly model: string | undefined;
  readonly attachments: Attachments;
  readonly commands: Commands;
  readonly canSend: boolean;
  readonly isRunning: boolean;
  write(text: string): void;
  chooseModel(model: string | undefined): void;
  send(): void;
  /** What was there before a message was to be said anew. */
  goBack(): void;
  /** False when nothing was said yet. */
  editLast(): boolean;
}

/** `field`: where it is written. */
export function useComposer(place: ComposerPlace, field: RefObject<HTMLTextAreaElement | null>): Writing {
  const { live, conversationId, history, acts, editing, onEdited } = place;
  const [draft] = useState(() => readDraft(conversationId));
  const [text, setText] = useState(draft.text);
  const [model, chooseModel] = useModel(conversationId);
  const attachments = useAttachments(draft.files, (files) => writeDraft(conversationId, { text, files }));
  const last = lastUserSeq(history);
  const commands = useCommands({ live, conversationId, lastSeq: history.count, lastStart: last, onModel: chooseModel });
  const [edited, setEdited] = useState(editing);
  if (edited !== editing) {
    setEdited(editing);
    if (editing !== undefined) setText(wordsOf(editing));
  }
  useEffect(() => {
    if (editing !== undefined) field.current?.focus();
  }, [editing, field]);
  const write = (next: string): void => {
    setText(next);
    const files = attachments.list.flatMap(({ sent }) => (sent === undefined ? [] : [sent]));
    if (editing === undefined) writeDraft(conversationId, { text: next, files });
  };
  const clear = (): void => {
    setText('');
    writeDraft(conversationId, NO_DRAFT);
    attachments.clear();
    commands.forget();
    field.current?.focus();
  };
  const command = readCommand(text);
  const hasContent = text.trim() !== '' || attachments.ready.length > 0;
  const canSend = command !== undefined || (live.connection === 'open' && !attachments.isBusy && hasContent);
  return {
    text,
    model,
    attachments,
    commands,
    canSend,
    write,
    chooseModel,
    isRunning: runningTurn(live.state) !== undefined,
    send() {
      const said = { text: text.replace(/^\/\//, '/'), files: attachments.ready, model };
      if (!canSend) return;
      if (command === undefined && !say(place, said)) return;
      clear();
      if (command !== undefined) commands.run(command);
    },
    goBack() {
      onEdited();
      setText(readDraft(conversationId).text);
    },
    editLast() {
      const message = history.message(last);
      if (message !== undefined) acts.edit(message);
      return message !== undefined;
    },
  };
}

/** The model of the conversation; a new conversation takes along what was chosen for it. */
function useModel(conversationId: string | undefined) {
  const [model, setModel] = useState(() => readModel(conversationId));
  useEffect(() => {
    writeModel(conversationId, model);
    return () => {
      if (conversationId === undefined) writeModel(undefined, undefined);
    };
  }, [conversationId, model]);
  return [model, setModel] as const;
}

/** False when there is no connection. What is said instead of a message keeps that message's files. */
function say({ live, conversationId, acts, editing, onEdited }: ComposerPlace, said: Said): boolean {
  if (editing === undefined) return live.acts.say(said);
  void uploadAgain(conversationId ?? '', editing).then((kept) => {
    const files = kept.map(({ id, name }) => ({ id, name, url: undefined }));
    acts.sayInstead(editing, { ...said, files: [...files, ...(said.files ?? [])] });
  });
  onEdited();
  return true;
}

/** Of the newest message of a person; 0 when there is none among the newest. */
function lastUserSeq({ count, message }: History): number {
  let seq = count;
  while (seq > 0 && message(seq)?.role !== 'user') seq = message(seq) === undefined ? 0 : seq - 1;
  return seq;
}
