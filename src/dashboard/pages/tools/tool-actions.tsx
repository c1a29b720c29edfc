/** Owns the buttons on a tool: on and off, and to its draft where one waits. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { TOOL_OFF, TOOL_ON } from '../../api/guesses.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { type Tool, TOOL_ROUTES } from './tool-words.ts';

interface ToolActionsProps {
  readonly tool: Pick<Tool, 'name' | 'version' | 'origin' | 'state'>;
}

export function ToolActions({ tool: { name, version, origin, state } }: ToolActionsProps): ReactNode {
  const { tools, words } = useTexts();
  if (origin === 'builtin') return null;
  const params = { name };
  if (state === 'pending') {
    return (
      <Link className="button" to={`/dashboard/tools/${name}?version=${version}`}>
        {words.details}
      </Link>
    );
  }
  if (state === 'active') {
    return (
      <ActionButton
        route="POST /tools/{name}/disable"
        parts={{ params, body: {} }}
        touches={TOOL_ROUTES}
        guesses={TOOL_OFF}
        question={tools.disableQuestion(name)}
        needs="admin"
      >
        {words.disable}
      </ActionButton>
    );
  }
  if (!['disabled', 'quarantined', 'rejected'].includes(state)) return null;
  return (
    <ActionButton
      route="POST /tools/{name}/enable"
      parts={{ params, body: {} }}
      touches={TOOL_ROUTES}
      guesses={TOOL_ON}
      needs="admin"
    >
      {words.enable}
    </ActionButton>
  );
}
