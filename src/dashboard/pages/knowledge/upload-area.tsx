/** Owns the place where files are dropped or chosen, and what each has come to. */
import { type DragEvent, type ReactNode, useState } from 'react';
import { Badge, type Tone } from '../../components/badge.tsx';
import { bytes } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { isEnded, type Upload } from './uploads.ts';
import { useUploads } from './use-uploads.ts';

interface UploadAreaProps {
  /** Bytes of the largest file; undefined while that is not known. */
  readonly most: number | undefined;
}

export function UploadArea({ most }: UploadAreaProps): ReactNode {
  const { knowledge } = useTexts();
  const { uploads, add, cancel, clear } = useUploads();
  const [isOver, setOver] = useState(false);
  const take = (files: readonly File[]): void =>
    add(files, ({ size }) =>
      most !== undefined && size > most ? knowledge.tooLarge(bytes(size), bytes(most)) : undefined,
    );
  const drag = (over: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(over);
  };
  const ready = uploads.filter(({ state }) => state === 'ready').length;
  return (
    <div
      className={isOver ? 'knowledge-drop over' : 'knowledge-drop'}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        take([...event.dataTransfer.files]);
      }}
    >
      <div className="knowledge-drop-head">
        <span>{knowledge.drop}</span>
        <label className="button main">
          {knowledge.upload}
          <input
            type="file"
            multiple
            className="unseen"
            onChange={({ target }) => {
              take([...(target.files ?? [])]);
              target.value = '';
            }}
          />
        </label>
      </div>
      {most === undefined ? null : <p className="quiet">{knowledge.limits(bytes(most))}</p>}
      {uploads.length === 0 ? null : (
        <>
          <ul className="knowledge-uploads">
            {uploads.map((upload) => (
              <UploadRow key={upload.id} upload={upload} onCancel={() => cancel(upload.id)} />
            ))}
          </ul>
          <div className="bar">
            <output>{knowledge.uploaded(ready, uploads.length)}</output>
            {uploads.every(isEnded) ? (
              <button type="button" onClick={clear}>
                {knowledge.clear}
              </button>
            ) : null}
          </div>
        </>
      )}
    </div>
  );
}

const TONES: Readonly<Record<Upload['state'], Tone>> = {
  waiting: 'quiet',
  uploading: 'info',
  reading: 'info',
  ready: 'good',
  refused: 'bad',
  cancelled: 'quiet',
};

function UploadRow({ upload, onCancel }: { readonly upload: Upload; readonly onCancel: () => void }): ReactNode {
  const { knowledge, state: words } = useTexts();
  const { name, state, share, reason, added } = upload;
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' }).format(share);
  return (
    <li>
      <span className="knowledge-name">
        <bdi>{name}</bdi> <span className="quiet">{bytes(upload.bytes)}</span>
      </span>
      <Badge tone={TONES[state]}>
        {added?.outcome === 'added' ? knowledge.ready(added.chunks) : knowledge.states[state]}
        {state === 'uploading' ? ` ${percent}` : null}
      </Badge>
      {added === undefined || added.outcome === 'added' ? null : (
        <span className="quiet">{knowledge.outcomes[added.outcome]}</span>
      )}
      {reason === undefined ? null : (
        <span className="bad-text" role="alert">
          {reason}
        </span>
      )}
      {isEnded(upload) ? null : (
        <>
          <progress value={state === 'reading' ? undefined : share} max={1} aria-label={name} />
          <button type="button" aria-label={knowledge.cancelUpload(name)} onClick={onCancel}>
            {words.cancel}
          </button>
        </>
      )}
    </li>
  );
}
