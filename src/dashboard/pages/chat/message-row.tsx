/** Owns how one message of the past looks: its text, pictures that came with it, tool calls folded. */
import { memo, type ReactNode } from 'react';
import { Markdown } from '../../components/markdown.tsx';
import { instant } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { ToolDetails } from './tool-details.tsx';
import type { PastMessage } from './use-history.ts';

type PastPart = PastMessage['parts'][number];

export const MessageRow = memo(function MessageRow({ message }: { readonly message: PastMessage }): ReactNode {
  const { chat } = useTexts();
  const { role, parts, created_at: at, state } = message;
  const who = role === 'user' ? chat.you : role === 'tool' ? chat.tool : chat.assistant;
  return (
    <article className={`message ${role}`}>
      <header className={role === 'tool' ? 'unseen' : undefined}>
        <span className="who">{who}</span> <time className="quiet">{instant(at)}</time>
        {state === 'partial' ? <span className="quiet"> {chat.interrupted}</span> : null}
      </header>
      {parts.map((part, index) => (
        <PartView key={index} part={part} />
      ))}
    </article>
  );
});

/** Members beyond `type` come from the database of the same version; what is not there is shown as nothing. */
function PartView({ part }: { readonly part: PastPart }): ReactNode {
  const text = (name: string): string => (typeof part[name] === 'string' ? part[name] : '');
  switch (part.type) {
    case 'text':
      // What claw adds for the model is not what somebody said.
      return part['provenance'] === 'claw' ? null : <Markdown text={text('text')} />;
    case 'image':
      return <img className="picture" src={`data:${pictureType(text('media_type'))};base64,${text('data')}`} alt="" />;
    case 'tool-call':
      return <ToolDetails name={text('name')} input={part['input']} />;
    case 'tool-result':
      return <ToolDetails name={text('name')} status={text('status')} output={text('output')} />;
    default:
      return null;
  }
}

const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

function pictureType(type: string): string {
  return PICTURES.has(type) ? type : 'image/png';
}
