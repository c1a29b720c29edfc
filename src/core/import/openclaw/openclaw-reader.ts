/** Owns reading a home of OpenClaw, or of Clawdbot and Moltbot before it: the order of its parts. A workspace alone is read too. */
import { createHash } from 'node:crypto';
import type { ForeignDatabase } from '../../store/sqlite/read-foreign-database.ts';
import { textOf, valueAt } from '../foreign-values.ts';
import { envItems, settingItems } from '../env-settings.ts';
import type { ImportedItem } from '../imported.ts';
import type { Reader } from '../reader.ts';
import { fileJson, fileText, type Sight, skillsIn } from '../source-files.ts';
import { keyItems, tellGrants } from './access.ts';
import { answersAnyGroup, type FoundGroup, groupFolder, groupsOf, peopleItems, tokenItems } from './channels.ts';
import { agentItems, agentsOf, envBlock, hasConfig, otherConfig, readConfig } from './config.ts';
import { cronItems } from './cron.ts';
import { agentDatabase, agentFolders, sessionFacts, type SessionFacts, sessionItems } from './sessions.ts';
import { knowledgeItems, personaItems, type Workspace, workspaceSkills } from './workspace.ts';

const STATE = 'state/openclaw.sqlite';

export const openclawReader: Reader = {
  source: 'openclaw',
  label: 'OpenClaw',
  async look(source) {
    const there = async (path: string): Promise<number> => ((await source.files.facts(path)) === undefined ? 0 : 1);
    const score = (await hasConfig(source)) ? 4 : 0;
    return {
      score:
        score + (await there('SOUL.md')) + (await there('agents')) + (await there(STATE)) + (await there('workspace')),
    };
  },
  read: (source, limits, signal) => read({ source, limits, signal }),
};

interface AgentTalk {
  readonly agent: string;
  readonly database: ForeignDatabase | undefined;
  readonly facts: ReadonlyMap<string, SessionFacts>;
}

async function* read(sight: Sight): AsyncGenerator<ImportedItem> {
  const { source } = sight;
  const config = await readConfig(sight);
  const state = await source.database(STATE);
  const agents = await agentFolders(sight);
  const talks: AgentTalk[] = [];
  for (const agent of agents.includes('main') ? agents : ['main', ...agents]) {
    const database = await source.database(agentDatabase(agent));
    talks.push({ agent, database, facts: await sessionFacts(sight, agent, database) });
  }
  const groups = roomsOf(
    config,
    talks.flatMap(({ facts }) => [...facts.values()]),
  );
  yield* groupItems(groups);
  const folders = new Map(groups.map(({ jid }) => [jid, groupFolder(jid)]));
  for (const talk of talks) yield* sessionItems(sight, { ...talk, folders });
  yield* workspaceItems(sight, config);
  yield* cronItems(sight, state);
  yield* skillsIn(sight, 'skills', 'skills');
  yield* agentItems(config);
  yield* tokenItems(config);
  yield* peopleItems(sight, config, state);
  yield* keyItems(sight, agents);
  yield* settingItems(envBlock(config), 'env of the configuration');
  yield* envItems((await fileText(sight, '.env')) ?? '', '.env');
  yield* otherConfig(config);
  await tellGrants(sight, config, state);
}

/** The groups that the configuration names, and those in which it talked where it answered in any. */
function roomsOf(config: unknown, sessions: readonly SessionFacts[]): FoundGroup[] {
  const named = groupsOf(config);
  const names = new Map(
    sessions.flatMap(({ place, name }) =>
      place.jid === undefined || name === undefined ? [] : [[place.jid, name] as const],
    ),
  );
  const met = sessions.flatMap(({ place: { jid, isGroup, channel } }) => {
    const isRoom = isGroup && jid !== undefined && channel !== undefined && answersAnyGroup(config, channel);
    return isRoom ? [{ jid, name: undefined, requiresTrigger: true, systemPrompt: undefined }] : [];
  });
  const all = [...named, ...met];
  const once = all.filter(({ jid }, index) => all.findIndex((other) => other.jid === jid) === index);
  return once.map((group) => ({ ...group, name: group.name ?? names.get(group.jid) }));
}

function* groupItems(groups: readonly FoundGroup[]): Generator<ImportedItem> {
  for (const { jid, systemPrompt } of groups) {
    if (systemPrompt !== undefined)
      yield { kind: 'instruction', sourceId: jid, folder: groupFolder(jid), text: `${systemPrompt}\n` };
  }
  for (const { jid, name = jid, requiresTrigger } of groups) {
    yield { kind: 'room', sourceId: jid, jid, name, folder: groupFolder(jid), requiresTrigger, isMain: false };
  }
}

/** Persona, memories, documents and skills of each agent that has its workspace in the folder. */
async function* workspaceItems(sight: Sight, config: unknown): AsyncGenerator<ImportedItem> {
  const device = textOf(valueAt(await fileJson(sight, 'identity/device.json'), 'deviceId'));
  const mark = device === undefined ? '' : `${createHash('sha256').update(device).digest('hex').slice(0, 8)} `;
  for (const [index, { id, workspace, written }] of agentsOf(config).entries()) {
    const path = await workspacePath(sight, workspace, index === 0);
    if (path === undefined) {
      if (written !== undefined)
        sight.source.tell(
          `workspace of ${id}`,
          `${written} lies elsewhere; import it too: claw import openclaw FOLDER`,
        );
      continue;
    }
    const place: Workspace = { agent: id, path, mark };
    if (index === 0) yield* personaItems(sight, place);
    yield* knowledgeItems(sight, place, index === 0);
    yield* workspaceSkills(sight, place);
  }
}

/** The folder itself, when it is a workspace. */
async function workspacePath(
  { source }: Sight,
  path: string | undefined,
  isFirst: boolean,
): Promise<string | undefined> {
  if (path !== undefined && (await source.files.facts(path))?.kind === 'folder') return path;
  const isWorkspace = (await source.files.facts('SOUL.md')) ?? (await source.files.facts('AGENTS.md'));
  return isFirst && isWorkspace !== undefined ? '' : undefined;
}
