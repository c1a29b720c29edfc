/** Owns how the parts of a stored message look: words, files, pictures, thoughts folded, tool calls with their results. */
import type { ReactNode } from 'react';
import { CodeBlock } from '../../components/code-block.tsx';
import { Markdown } from '../../components/markdown.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { Picture } from './picture.tsx';
import { fileOf, memberOf, type PastPart, pictureAddress, type PastMessage } from './read-message.ts';
import { ToolDetails } from './tool-details.tsx';
import type { History } from './use-history.ts';

interface MessagePartsProps {
  readonly conversationId: string;
  readonly message: PastMessage;
  readonly history: History;
}

/** Members beyond `type` come from the database of the same version; what is not there is shown as nothing. */
export function MessageParts({ conversationId, message, history }: MessagePartsProps): ReactNode {
  const results = resultsAfter(message, history);
  return message.parts.map((part, at) => {
    switch (part.type) {
      case 'text':
        return <Words key={at} part={part} />;
      case 'reasoning':
        return <Reasoning key={at} text={memberOf(part, 'text')} />;
      case 'image': {
        const source = pictureAddress(conversationId, message.seq, at);
        return <Picture key={at} source={source} name={memberOf(part, 'name')} />;
      }
      case 'tool-call': {
        const result = results.get(memberOf(part, 'call_id'));
        const output =
          result === undefined ? {} : { status: memberOf(result, 'status'), output: memberOf(result, 'output') };
        return <ToolDetails key={at} name={memberOf(part, 'name')} input={part['input']} {...output} />;
      }
      default:
        return null;
    }
  });
}

function Words({ part }: { readonly part: PastPart }): ReactNode {
  // What claw adds for the model is not what somebody said.
  if (part['provenance'] === 'claw') return null;
  const file = fileOf(part);
  if (file === undefined) return <Markdown text={memberOf(part, 'text')} />;
  return (
    <details className="chat-file">
      <summary>{file.name}</summary>
      <CodeBlock code={file.text} language={/\.(\w+)$/.exec(file.name)?.[1] ?? ''} />
    </details>
  );
}

/** What a model thought before it spoke. */
export function Reasoning({
  text,
  isRunning = false,
}: {
  readonly text: string;
  readonly isRunning?: boolean;
}): ReactNode {
  const { chat } = useTexts();
  if (text.trim() === '') return null;
  return (
    <details className="chat-reasoning">
      <summary>{isRunning ? chat.thinking : chat.reasoning}</summary>
      <p className="plain quiet">{text}</p>
    </details>
  );
}

/** The results that follow the calls of a message, by the id of the call. */
function resultsAfter(message: PastMessage, history: History): ReadonlyMap<string, PastPart> {
  const results = new Map<string, PastPart>();
  if (!message.parts.some(({ type }) => type === 'tool-call')) return results;
  for (let seq = message.seq + 1; history.message(seq)?.role === 'tool'; seq += 1)
    for (const part of history.message(seq)?.parts ?? []) results.set(memberOf(part, 'call_id'), part);
  return results;
}
