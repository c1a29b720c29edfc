/** Owns the rules on the machine: walls, Node, the container engine and the service. */
import { installText } from '../command-text.ts';
import type { Wall } from '../machine-checks.ts';
import { renewCommand, type UnitFacts } from '../server-checks.ts';
import type { Hit, Rule } from './finding.ts';

export interface MachineAuditFacts {
  readonly walls: readonly Wall[];
  readonly installers: readonly string[];
  readonly nodeVersion: string;
  /** The release that claw is tested with. */
  readonly testedNode: string;
  /** Sockets of container engines that this user may write to. */
  readonly engineSockets: readonly string[];
  readonly uid: number | undefined;
  readonly unit: UnitFacts;
  /** Exposure that systemd-analyze gives the unit, 0 (best) to 10; undefined where it was not asked. */
  readonly unitExposure: number | undefined;
}

function wall(name: string, packages: string): (facts: MachineAuditFacts) => Hit | undefined {
  return ({ walls, installers }) => {
    const found = walls.find((each) => each.name === name);
    if (found?.works === true) return undefined;
    const evidence = found?.detail ?? 'it is not known whether it works';
    return { evidence, fix: packages === '' ? 'npm rebuild --global claw' : installText(installers, packages) };
  };
}

const numbers = (version: string): readonly number[] =>
  version.split('.').map((part) => Number.parseInt(part, 10) || 0);

function isOlder(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)];
  const at = [0, 1, 2].find((index) => a[index] !== b[index]);
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
}

function oldNode({ nodeVersion, testedNode }: MachineAuditFacts): Hit | undefined {
  const isUnfinished = /-/.test(nodeVersion);
  if (!isUnfinished && !isOlder(nodeVersion, testedNode)) return undefined;
  const isMajor = (numbers(nodeVersion)[0] ?? 0) < (numbers(testedNode)[0] ?? 0);
  return {
    evidence: `Node ${nodeVersion}; claw is tested with ${testedNode}`,
    fix: `npm install --global node@${testedNode}`,
    ...(isMajor ? { severity: 'high' as const } : {}),
  };
}

/** What systemd-analyze calls exposed. */
const EXPOSED = 7;

export const MACHINE_RULES: readonly Rule<MachineAuditFacts>[] = [
  {
    id: 'wall.quickjs',
    severity: 'critical',
    title: 'The wall of tools does not work',
    detail: 'No tool can run; that it cannot be tried means that something of the installation is broken.',
    judge: wall('quickjs', ''),
  },
  {
    id: 'wall.bubblewrap',
    severity: 'high',
    title: 'The outer wall of tools is missing',
    detail: "Tools are held by Node's permissions alone, and commands run without a wall of the kernel, or not at all.",
    judge: wall('bubblewrap', 'bubblewrap'),
  },
  {
    id: 'wall.documents',
    severity: 'medium',
    title: 'Documents of strangers are read without their wall',
    detail: 'A reader that a document breaks has more rights than it needs.',
    judge: wall('documents', 'bubblewrap util-linux'),
  },
  {
    id: 'node.old',
    severity: 'low',
    title: 'Node is older than claw was tested with',
    detail: 'Known holes of it, and of the libraries in it, may be open.',
    judge: oldNode,
  },
  {
    id: 'engine.socket',
    severity: 'low',
    title: 'This user may command a container engine that runs as root',
    detail:
      'That is as much as being root: what breaks out of a wall has it too. A rootless engine gives nothing away.',
    judge: ({ engineSockets, uid }) =>
      engineSockets.length === 0 || uid === 0 ? undefined : { evidence: engineSockets.join(', '), fix: null },
  },
  {
    id: 'service.not-as-written',
    severity: 'medium',
    title: 'The service is not what claw would write',
    detail:
      'Its hardening may be weaker, or it starts another program. Changes of your own belong into "systemctl edit claw".',
    judge: ({ unit }) =>
      unit.isInstalled && unit.isOfThisHome && !unit.isCurrent
        ? { evidence: unit.file ?? '', fix: renewCommand(unit) }
        : undefined,
  },
  {
    id: 'service.root',
    severity: 'high',
    title: 'The service runs as root',
    detail: 'A system service needs a user of its own, who owns the home.',
    judge: ({ unit }) =>
      unit.isInstalled && unit.isOfThisHome && unit.scope === 'system' && [null, 'root'].includes(unit.user)
        ? { evidence: unit.file ?? '', fix: 'sudo useradd --system --create-home claw' }
        : undefined,
  },
  {
    id: 'service.exposed',
    severity: 'low',
    title: 'systemd finds the service exposed',
    detail: '"systemd-analyze security claw" tells what of it.',
    judge: ({ unitExposure, unit }) =>
      unitExposure === undefined || unitExposure < EXPOSED
        ? undefined
        : { evidence: `exposure ${unitExposure} of 10`, fix: renewCommand(unit) },
  },
];
