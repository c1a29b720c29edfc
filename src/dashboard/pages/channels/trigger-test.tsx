/** Owns trying a message: whether it would wake the assistant, and why, in words. Nothing is sent. */
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Result } from '../../api/client.ts';
import { useChange } from '../../api/use-api.ts';
import { Failure } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { reasonInWords } from './reason-in-words.ts';

interface TriggerTestProps {
  /** To choose from; none when the room is given. */
  readonly rooms: Result<'GET /groups'>;
  readonly jid?: string;
}

export function TriggerTest({ rooms, jid: given }: TriggerTestProps): ReactNode {
  const { channels } = useTexts();
  const [text, setText] = useState('');
  const [jid, setJid] = useState(given ?? '');
  const [mention, setMention] = useState(false);
  const [reply, setReply] = useState(false);
  const tried = useChange('POST /groups/test');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    tried.mutate({ body: { text, mention, reply, ...(jid === '' ? {} : { jid }) } });
  };
  return (
    <form className="channels-test" onSubmit={submit}>
      <p className="quiet">{channels.testLead}</p>
      <label className="field">
        {channels.message}
        <textarea rows={2} required value={text} onChange={({ target }) => setText(target.value)} />
      </label>
      {given === undefined ? (
        <label className="field">
          {channels.where}
          <select value={jid} onChange={({ target }) => setJid(target.value)}>
            <option value="">{channels.nowhere}</option>
            {rooms.map((room) => (
              <option key={room.jid} value={room.jid}>{`${room.name} (${room.jid})`}</option>
            ))}
          </select>
        </label>
      ) : null}
      <div className="ways">
        <label>
          <input type="checkbox" checked={mention} onChange={({ target }) => setMention(target.checked)} />
          {channels.mentions}
        </label>
        <label>
          <input type="checkbox" checked={reply} onChange={({ target }) => setReply(target.checked)} />
          {channels.replies}
        </label>
      </div>
      <button type="submit" disabled={tried.isPending}>
        {channels.ask}
      </button>
      {tried.error === null ? null : <Failure error={tried.error} />}
      <Verdict verdict={tried.data} />
    </form>
  );
}

function Verdict({ verdict }: { readonly verdict: Result<'POST /groups/test'> | undefined }): ReactNode {
  const { channels } = useTexts();
  if (verdict === undefined) return <output />;
  return (
    <output className={verdict.engages ? 'notice good' : 'notice'}>
      <strong>{verdict.engages ? channels.engages : channels.silent}</strong> {reasonInWords(channels, verdict.reason)}
    </output>
  );
}
