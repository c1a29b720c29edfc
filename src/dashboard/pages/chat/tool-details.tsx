/** Owns how a tool call looks: one line with what it is about and how it ended, and folded beneath it what went in and what came out. */
import { type ReactNode, useState } from 'react';
import { CodeBlock } from '../../components/code-block.tsx';
import { useTexts } from '../../language/use-texts.ts';

interface ToolDetailsProps {
  readonly name: string;
  readonly input?: unknown;
  /** Absent while it runs, and for a call that was never answered. */
  readonly status?: string | undefined;
  readonly ms?: number | undefined;
  readonly output?: string | undefined;
  readonly progress?: string | undefined;
  readonly isRunning?: boolean;
}

export function ToolDetails(props: ToolDetailsProps): ReactNode {
  const { name, input, status, ms, output, progress, isRunning = false } = props;
  const { chat } = useTexts();
  // What is folded is not drawn: outputs are long, and there are many.
  const [isOpen, setOpen] = useState(false);
  const state = status ?? (isRunning ? 'running' : 'open');
  return (
    <details className={`tool ${state}`} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <code>{name}</code> <span className="tool-about">{aboutOf(input)}</span>{' '}
        <span className="tool-state">{chat.toolStates[toolState(state)]}</span>{' '}
        {ms === undefined ? null : <span className="quiet">{chat.took(ms)}</span>}
      </summary>
      {progress === undefined || status !== undefined ? null : <p className="quiet plain">{progress}</p>}
      {isOpen ? (
        <>
          {input === undefined ? null : <Content title={chat.toolInput} value={input} />}
          {output === undefined || output === '' ? null : <Content title={chat.toolOutput} value={parsed(output)} />}
        </>
      ) : null}
    </details>
  );
}

const STATES = ['running', 'open', 'ok', 'error', 'refused', 'timeout', 'uncertain', 'cancelled'] as const;

function toolState(name: string): (typeof STATES)[number] {
  return STATES.find((each) => each === name) ?? 'open';
}

function Content({ title, value }: { readonly title: string; readonly value: unknown }): ReactNode {
  const isText = typeof value === 'string';
  return (
    <div className="tool-content">
      <p className="quiet">{title}</p>
      <CodeBlock code={isText ? value : JSON.stringify(value, null, 2)} language={isText ? '' : 'json'} />
    </div>
  );
}

/** An output that is JSON is read as such. */
function parsed(output: string): unknown {
  if (!/^\s*[[{]/.test(output) || output.length > 200_000) return output;
  try {
    return JSON.parse(output) as unknown;
  } catch {
    return output;
  }
}

const ABOUT_CHARS = 80;

/** The first words among what went in: a command, a path, a question. */
function aboutOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return '';
  const text = Object.values(input).find((value) => typeof value === 'string' && value.trim() !== '');
  const line = String(text ?? '').replaceAll(/\s+/g, ' ');
  return line.length <= ABOUT_CHARS ? line : `${line.slice(0, ABOUT_CHARS)}…`;
}
