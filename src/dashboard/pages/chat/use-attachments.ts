/** Owns the files of the message that is being written: sent ahead one by one, each with how it stands. */
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import type { DraftFile } from './kept.ts';
import type { AskedFile } from './live-turn.ts';
import { MAX_FILES, type Unfit, unfit } from './unfit.ts';
import { upload } from './upload.ts';

export interface Attachment {
  /** Its own on this page. */
  readonly key: string;
  readonly name: string;
  /** What the browser shows of a picture. */
  readonly url: string | undefined;
  /** Undefined until it is sent. */
  readonly sent: DraftFile | undefined;
  readonly problem: Unfit | ApiError | 'too-many';
  /** For what goes elsewhere instead. */
  readonly file: File | undefined;
}

export interface Attachments {
  readonly list: readonly Attachment[];
  /** Something is still on its way. */
  readonly isBusy: boolean;
  /** Those that go with the message. */
  readonly ready: readonly AskedFile[];
  add(files: Iterable<File>): void;
  remove(key: string): void;
  clear(): void;
}

/** `onChange` hears of what is sent, to keep it with the draft. */
export function useAttachments(
  kept: readonly DraftFile[],
  onChange: (files: readonly DraftFile[]) => void,
): Attachments {
  const [list, setList] = useState<readonly Attachment[]>(() => kept.map(restored));
  const heard = useRef(onChange);
  useEffect(() => {
    heard.current = onChange;
  });
  useEffect(() => {
    heard.current(list.flatMap(({ sent }) => (sent === undefined ? [] : [sent])));
  }, [list]);
  const change = (key: string, by: Partial<Attachment>): void =>
    setList((now) => now.map((each) => (each.key === key ? { ...each, ...by } : each)));
  const send = (attachment: Attachment, file: File): void => {
    upload(file, file.name).then(
      (sent) => change(attachment.key, { sent }),
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        change(attachment.key, { problem: error });
      },
    );
  };
  const fit = list.filter(({ problem }) => problem === undefined);
  return {
    list,
    isBusy: fit.some(({ sent }) => sent === undefined),
    ready: fit.flatMap(({ sent, url }) => (sent === undefined ? [] : [{ id: sent.id, name: sent.name, url }])),
    add(files) {
      const added = [...files].map((file, at) => begun(file, fit.length + at));
      setList((now) => [...now, ...added]);
      for (const attachment of added)
        if (attachment.problem === undefined && attachment.file !== undefined) send(attachment, attachment.file);
    },
    remove(key) {
      const url = list.find((each) => each.key === key)?.url;
      if (url !== undefined) URL.revokeObjectURL(url);
      setList((now) => now.filter((each) => each.key !== key));
    },
    clear: () => setList([]),
  };
}

function begun(file: File, place: number): Attachment {
  const problem = unfit(file) ?? (place >= MAX_FILES ? 'too-many' : undefined);
  const isPicture = file.type.startsWith('image/') && file.type !== 'image/svg+xml' && problem === undefined;
  const url = isPicture ? URL.createObjectURL(file) : undefined;
  return { key: crypto.randomUUID(), name: file.name, url, sent: undefined, problem, file };
}

function restored(sent: DraftFile): Attachment {
  return { key: sent.id, name: sent.name, url: undefined, sent, problem: undefined, file: undefined };
}
