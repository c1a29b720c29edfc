/** Owns how a tool call looks: one line, and folded beneath it what went in and what came out, as plain text. */
import type { ReactNode } from 'react';
import { useTexts } from '../../language/use-texts.ts';

interface ToolDetailsProps {
  readonly name: string;
  readonly input?: unknown;
  /** Absent while it runs, and for a call whose result stands elsewhere. */
  readonly status?: string;
  readonly ms?: number;
  readonly output?: string;
  readonly isRunning?: boolean;
}

export function ToolDetails({ name, input, status, ms, output, isRunning = false }: ToolDetailsProps): ReactNode {
  const { chat } = useTexts();
  return (
    <details className={`tool ${status ?? ''}`}>
      <summary>
        <code>{name}</code> {status ?? (isRunning ? chat.running : '')}{' '}
        {ms === undefined ? null : <span className="quiet">{chat.took(ms)}</span>}
      </summary>
      {input === undefined ? null : <pre tabIndex={0}>{JSON.stringify(input, null, 2)}</pre>}
      {output === undefined || output === '' ? null : <pre tabIndex={0}>{output}</pre>}
    </details>
  );
}
