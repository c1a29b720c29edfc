/** Owns how the files look that go with the message being written, and what becomes of those that cannot. */
import { type ReactNode, useState } from 'react';
import { ApiError, sendFile } from '../../api/client.ts';
import { useTexts } from '../../language/use-texts.ts';
import type { Attachment, Attachments } from './use-attachments.ts';

export function AttachmentList({ attachments }: { readonly attachments: Attachments }): ReactNode {
  const { chat } = useTexts();
  if (attachments.list.length === 0) return null;
  return (
    <ul className="chat-attachments" aria-label={chat.attachments}>
      {attachments.list.map((each) => (
        <li key={each.key} className={each.problem === undefined ? undefined : 'bad'}>
          {each.url === undefined ? null : <img src={each.url} alt="" />}
          <span className="chat-attachment-name">{each.name}</span>
          <Standing attachment={each} onDone={() => attachments.remove(each.key)} />
          <button
            type="button"
            className="plain-button"
            aria-label={chat.detach(each.name)}
            onClick={() => attachments.remove(each.key)}
          >
            <span aria-hidden="true">✕</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Standing({ attachment, onDone }: { readonly attachment: Attachment; readonly onDone: () => void }): ReactNode {
  const { chat, state } = useTexts();
  const { problem, sent, file } = attachment;
  if (problem === undefined)
    return sent === undefined ? (
      <span className="quiet" role="status">
        {chat.uploading}
      </span>
    ) : null;
  if (problem === 'document' && file !== undefined) return <ToDocuments file={file} onDone={onDone} />;
  return (
    <span className="bad-text" role="alert">
      {problem instanceof ApiError ? state.failed(problem.message) : chat.unfit[problem]}
    </span>
  );
}

/** A document is no part of a message: it is added to what the assistant can look up. */
function ToDocuments({ file, onDone }: { readonly file: File; readonly onDone: () => void }): ReactNode {
  const { chat, state } = useTexts();
  const [stands, setStands] = useState<'asked' | 'sending' | 'done' | ApiError>('asked');
  const add = (): void => {
    setStands('sending');
    sendFile('/knowledge/files', { name: file.name }, file).then(
      () => {
        setStands('done');
        window.setTimeout(onDone, 3_000);
      },
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        setStands(error);
      },
    );
  };
  if (stands instanceof ApiError)
    return (
      <span className="bad-text" role="alert">
        {state.failed(stands.message)}
      </span>
    );
  if (stands === 'done') return <span role="status">{chat.addedToDocuments}</span>;
  return (
    <span>
      {chat.unfit.document}{' '}
      <button type="button" disabled={stands === 'sending'} onClick={add}>
        {chat.addToDocuments}
      </button>
    </span>
  );
}
