/** Owns where a message is written: Enter sends, Shift+Enter begins a line, and a word that is still being composed is not sent half. */
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useTexts } from '../../language/use-texts.ts';
import { AttachmentList } from './attachment-list.tsx';
import { CommandList } from './command-list.tsx';
import { ModelChoice } from './model-choice.tsx';
import { matchingCommands } from './slash-commands.ts';
import { PICTURE_TYPES } from './unfit.ts';
import { type ComposerPlace, useComposer, type Writing } from './use-composer.ts';

const MAX_CHARS = 10_000;
/** From here on what is left is told, in characters. */
const TOLD_CHARS = 9_000;

export function Composer(place: ComposerPlace): ReactNode {
  const { chat } = useTexts();
  const field = useRef<HTMLTextAreaElement>(null);
  const writing = useComposer(place, field);
  const [picked, setPicked] = useState(0);
  const { text, attachments, write } = writing;
  const suggested = matchingCommands(text);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // Enter that ends a syllable is not the one that sends.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const name = suggested[picked] ?? suggested[0];
    if (name !== undefined && step !== 0) setPicked((picked + step + suggested.length) % suggested.length);
    else if (name !== undefined && event.key === 'Tab' && !event.shiftKey) write(`/${name} `);
    else if (name !== undefined && event.key === 'Enter' && text !== `/${name}`) write(`/${name}`);
    else if (event.key === 'Escape' && place.editing !== undefined) writing.goBack();
    else if (event.key === 'ArrowUp' && text === '') {
      if (!writing.editLast()) return;
    } else if (event.key === 'Enter' && !event.shiftKey) writing.send();
    else return;
    event.preventDefault();
  };
  const takeFiles = (event: ClipboardEvent | DragEvent, { files }: DataTransfer): void => {
    if (files.length === 0) return;
    event.preventDefault();
    attachments.add(files);
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        writing.send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => takeFiles(event, event.dataTransfer)}
    >
      <Notes place={place} writing={writing} />
      <CommandList names={suggested} picked={picked} onPick={(name) => write(`/${name} `)} />
      <AttachmentList attachments={attachments} />
      <textarea
        ref={field}
        value={text}
        maxLength={MAX_CHARS}
        rows={2}
        aria-label={chat.placeholder}
        aria-describedby="composer-left"
        placeholder={writing.isRunning ? chat.placeholderRunning : chat.placeholder}
        onChange={({ target }) => {
          write(target.value);
          setPicked(0);
        }}
        onKeyDown={onKeyDown}
        onPaste={(event) => takeFiles(event, event.clipboardData)}
      />
      <Bar place={place} writing={writing} />
    </form>
  );
}

/** What goes with the words, and what is done with them. */
function Bar({ place, writing }: { readonly place: ComposerPlace; readonly writing: Writing }): ReactNode {
  const { chat } = useTexts();
  const { text, attachments } = writing;
  return (
    <div className="composer-bar">
      <FileButton onFiles={(files) => attachments.add(files)} />
      <ModelChoice value={writing.model} onChange={writing.chooseModel} />
      <span id="composer-left" className="quiet composer-left">
        {text.length >= TOLD_CHARS ? chat.left(MAX_CHARS - text.length) : ''}
      </span>
      {writing.isRunning ? (
        <button type="button" onClick={place.live.acts.stop}>
          {chat.stop}
        </button>
      ) : null}
      <button type="submit" className="main" disabled={!writing.canSend}>
        {chat.send}
      </button>
    </div>
  );
}

/** What is to be known before one writes. */
function Notes({ place, writing }: { readonly place: ComposerPlace; readonly writing: Writing }): ReactNode {
  const { chat, state } = useTexts();
  const { live, editing } = place;
  return (
    <>
      {live.connection === 'open' ? null : (
        <p className="quiet" role="status">
          {live.state.turns.length === 0 ? chat.connecting : chat.broken}
        </p>
      )}
      {writing.commands.said === undefined ? null : (
        <p className="plain chat-said" role="status">
          {writing.commands.said}
        </p>
      )}
      {editing === undefined ? null : (
        <p className="chat-editing">
          {chat.editing(editing.seq)}{' '}
          <button type="button" className="plain-button" onClick={writing.goBack}>
            {state.cancel}
          </button>
        </p>
      )}
    </>
  );
}

const ACCEPTED = [...PICTURE_TYPES, 'text/*', '.md', '.json', '.csv', '.pdf', '.docx', '.log', '.yaml', '.yml'].join(
  ',',
);

function FileButton({ onFiles }: { readonly onFiles: (files: FileList) => void }): ReactNode {
  const { chat } = useTexts();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="plain-button"
        aria-label={chat.attach}
        title={`${chat.attach}: ${chat.attachLimits}`}
        onClick={() => input.current?.click()}
      >
        <span aria-hidden="true">＋</span>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPTED}
        onChange={({ target }) => {
          if (target.files !== null) onFiles(target.files);
          target.value = '';
        }}
      />
    </>
  );
}
