/** Owns the rules on what tools and commands may do. */
import type { Settings } from '../../config/load-settings.ts';
import { commandText } from '../command-text.ts';
import type { Hit, Rule } from './finding.ts';
import { mendSetting } from './setting-remedy.ts';

export interface ToolGrant {
  readonly name: string;
  readonly net: readonly string[];
  readonly exec: readonly string[];
  readonly secrets: readonly string[];
}

export interface ToolAuditFacts {
  readonly settings: Settings;
  /** Whether a program runs whatever code it is given. */
  readonly isInterpreter: (program: string) => boolean;
  /** Tools of the home that are on. */
  readonly active: readonly ToolGrant[];
  readonly waiting: readonly string[];
  /** Tools whose file is not what was approved. */
  readonly changed: readonly string[];
  readonly grants: readonly { readonly id: string; readonly act: string }[];
  /** Folders that the allowlist of mounts opens; undefined: there is no list. Null: it cannot be read. */
  readonly mounts: readonly { readonly path: string; readonly isWritable: boolean }[] | null | undefined;
  readonly userHome: string;
  readonly home: string;
}

function interpreters({ settings, isInterpreter }: ToolAuditFacts): Hit | undefined {
  const list = settings.get('EXEC_ALLOW');
  const isBad = (entry: string): boolean => isInterpreter(entry.trim().split(/\s+/)[0] ?? '');
  const bad = list.filter(isBad);
  if (bad.length === 0) return undefined;
  const rest = list.filter((entry) => !isBad(entry));
  return {
    evidence: `EXEC_ALLOW has ${bad.join(', ')}`,
    ...mendSetting(settings, 'EXEC_ALLOW', rest.length === 0 ? null : rest),
  };
}

function toolHit(tools: readonly ToolGrant[], evidence: (tool: ToolGrant) => string): Hit | undefined {
  const [first] = tools;
  if (first === undefined) return undefined;
  return { evidence: tools.map(evidence).join('; '), fix: commandText('claw', 'tool', 'disable', first.name) };
}

const isWide = (host: string): boolean => host.startsWith('*');

function wideMounts({ mounts, userHome }: ToolAuditFacts): Hit | undefined {
  if (mounts === undefined) return undefined;
  if (mounts === null) return { evidence: 'the allowlist of mounts cannot be read', fix: null, severity: 'medium' };
  const wide = mounts.filter(({ path }) => {
    const real = path === '~' ? userHome : path.replace(/(?<=.)\/+$/, '');
    return ['/', '/home', '/Users', '/root', userHome].includes(real);
  });
  if (wide.length === 0) return undefined;
  const isWritable = wide.some((each) => each.isWritable);
  const evidence = wide.map((each) => `${each.path}${each.isWritable ? ' (to write)' : ''}`).join(', ');
  return { evidence, fix: null, ...(isWritable ? {} : { severity: 'medium' as const }) };
}

function wideWorkspace({ settings, home, userHome }: ToolAuditFacts): Hit | undefined {
  const folder = settings.get('WORKSPACE');
  const isWideFolder = ['/', userHome, home].includes(folder) || `${home}/`.startsWith(`${folder.replace(/\/$/, '')}/`);
  if (!isWideFolder) return undefined;
  return { evidence: `WORKSPACE is ${folder}`, ...mendSetting(settings, 'WORKSPACE', null) };
}

export const TOOL_RULES: readonly Rule<ToolAuditFacts>[] = [
  {
    id: 'exec.full',
    severity: 'critical',
    title: 'The assistant may start any program',
    detail: 'Whatever a web page or a message talks it into is done, without a question.',
    judge: ({ settings }) =>
      settings.get('EXEC_LEVEL') === 'full'
        ? { evidence: 'EXEC_LEVEL is full', ...mendSetting(settings, 'EXEC_LEVEL', 'ask') }
        : undefined,
  },
  {
    id: 'exec.interpreter',
    severity: 'high',
    title: 'A program that runs any code may be started without a question',
    detail: 'To allow an interpreter, a shell or a wrapper is to allow everything.',
    judge: interpreters,
  },
  {
    id: 'exec.unsafe-tests',
    severity: 'high',
    title: 'Tools may be switched on past the checks',
    detail: 'UNSAFE_TESTS is for tests of the wall only.',
    judge: ({ settings }) =>
      settings.get('UNSAFE_TESTS')
        ? { evidence: 'UNSAFE_TESTS is true', ...mendSetting(settings, 'UNSAFE_TESTS', null) }
        : undefined,
  },
  {
    id: 'origin.trusted',
    severity: 'info',
    title: 'Tools may reach addresses of this machine or its network',
    detail: 'Services there often ask nobody who they are. Keep the list to what is used.',
    judge: ({ settings }) => {
      const list = settings.get('TRUSTED_ORIGINS');
      if (list.length === 0) return undefined;
      return {
        evidence: `TRUSTED_ORIGINS is ${list.join(', ')}`,
        fix: mendSetting(settings, 'TRUSTED_ORIGINS', null).fix,
      };
    },
  },
  {
    id: 'workspace.wide',
    severity: 'high',
    title: 'The folder of the file tools holds much more than their work',
    detail: 'What lies there can be read and written by every tool of files.',
    judge: wideWorkspace,
  },
  {
    id: 'tool.secret-anywhere',
    severity: 'high',
    title: 'A tool has a secret and may talk to any host',
    detail: 'It can send the secret, or what it got by it, to wherever it likes.',
    judge: ({ active }) =>
      toolHit(
        active.filter(({ net, secrets }) => secrets.length > 0 && net.some(isWide)),
        ({ name, secrets, net }) => `${name}: ${secrets.join(', ')} with ${net.filter(isWide).join(', ')}`,
      ),
  },
  {
    id: 'tool.any-host',
    severity: 'medium',
    title: 'A tool may talk to any host',
    detail: 'What it reads can leave the machine. Named hosts are safer.',
    judge: ({ active }) =>
      toolHit(
        active.filter(({ net, secrets }) => secrets.length === 0 && net.some((host) => /^\*(?::\d+)?$/.test(host))),
        ({ name }) => name,
      ),
  },
  {
    id: 'tool.programs',
    severity: 'medium',
    title: 'A tool may start programs',
    detail: 'They run in a wall, with the rights that were approved. Look whether it still needs them.',
    judge: ({ active }) =>
      toolHit(
        active.filter(({ exec }) => exec.length > 0),
        ({ name, exec }) => `${name}: ${exec.join(', ')}`,
      ),
  },
  {
    id: 'tool.changed',
    severity: 'high',
    title: 'The file of a tool is not the one that was approved',
    detail: 'Somebody changed it in the folder. It does not run before it was looked at anew; find out who did.',
    judge: ({ changed: [first, ...rest] }) =>
      first === undefined
        ? undefined
        : { evidence: [first, ...rest].join(', '), fix: commandText('claw', 'tool', 'info', first) },
  },
  {
    id: 'tool.waiting',
    severity: 'low',
    title: 'Tools wait for a yes or no',
    detail: 'Decide soon: nobody remembers later what they were for.',
    judge: ({ waiting: [first, ...rest] }) =>
      first === undefined
        ? undefined
        : { evidence: [first, ...rest].join(', '), fix: commandText('claw', 'tool', 'info', first) },
  },
  {
    id: 'grant.endless',
    severity: 'medium',
    title: 'A yes stands for good',
    detail: 'What was right once is done ever after without a question. Grants for some hours are safer.',
    judge: ({ grants: [first, ...rest] }) =>
      first === undefined
        ? undefined
        : {
            evidence: [first, ...rest].map(({ act }) => act).join('; '),
            fix: commandText('claw', 'approval', 'revoke', first.id),
          },
  },
  {
    id: 'mount.wide',
    severity: 'high',
    title: 'Containers may mount far too much',
    detail: 'An agent in a container can read, and perhaps write, the whole of it. Name the folders it works on.',
    judge: wideMounts,
  },
];
