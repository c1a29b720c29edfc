/** Owns the answer to "what would start": the list of `claw serve --check`. */
import type { App } from '../core/create-app.ts';
import type { ClawError } from '../core/kernel/errors.ts';
import { httpBindProblem, webSocketBindProblem } from './bind-problems.ts';
import type { PlannedChannel } from './channel-plan.ts';

export interface CheckRow {
  readonly name: string;
  readonly starts: boolean;
  /** Why it does not, with the next step. */
  readonly reason: string | null;
}

/** A row for the HTTP API, for the WebSocket and for each channel, and whether everything that somebody wants would start. */
export async function checkServe(
  plan: readonly PlannedChannel[],
  app: Pick<App, 'settings' | 'secrets'>,
): Promise<{ readonly rows: CheckRow[]; readonly isGood: boolean }> {
  const servers = [
    serverRow('http', await httpBindProblem(app)),
    serverRow('websocket', webSocketBindProblem(app.settings)),
  ];
  const channels = plan.map(({ entry, starts, reason }) => ({ name: entry.name, starts, reason }));
  const isGood = servers.every(({ starts }) => starts) && plan.every(({ starts, isWanted }) => starts || !isWanted);
  return { rows: [...servers, ...channels], isGood };
}

function serverRow(name: string, problem: ClawError | undefined): CheckRow {
  if (problem === undefined) return { name, starts: true, reason: null };
  const { message, hint } = problem;
  return { name, starts: false, reason: hint === undefined ? message : `${message} ${hint}` };
}
