/** Facts of an installation in which nothing is unsafe, for tests that spoil one of them. */
import type { AuditFacts } from '../../../../src/core/doctor/security/audit.ts';
import type { ExposureFacts } from '../../../../src/core/doctor/security/exposure-rules.ts';
import type { FileFacts } from '../../../../src/core/doctor/security/file-rules.ts';
import type { KeepingFacts } from '../../../../src/core/doctor/security/keeping-rules.ts';
import type { MachineAuditFacts } from '../../../../src/core/doctor/security/machine-rules.ts';
import type { PeopleFacts } from '../../../../src/core/doctor/security/people-rules.ts';
import type { SecretAuditFacts } from '../../../../src/core/doctor/security/secret-rules.ts';
import type { ToolAuditFacts } from '../../../../src/core/doctor/security/tool-rules.ts';
import { isInterpreter } from '../../../../src/core/sandbox/exec/interpreters.ts';
import { GOOD, HOME, NOW, settingsOf } from '../good-facts.ts';

export interface PlainFacts {
  readonly exposure: ExposureFacts;
  readonly tools: ToolAuditFacts;
  readonly people: PeopleFacts;
  readonly secrets: SecretAuditFacts;
  readonly files: FileFacts;
  readonly keeping: KeepingFacts;
  readonly machine: MachineAuditFacts;
}

const settings = settingsOf();

export const SAFE: PlainFacts = {
  exposure: { settings, tokens: {}, listening: ['127.0.0.1:8080', '[::1]:8765'], keys: ['ANTHROPIC_API_KEY'] },
  tools: {
    settings,
    isInterpreter,
    active: [{ name: 'rates', net: ['rates.example.com'], exec: [], secrets: ['RATES_KEY'] }],
    waiting: [],
    changed: [],
    grants: [],
    mounts: [{ path: '/home/kim/projects', isWritable: true }],
    userHome: '/home/kim',
    home: HOME,
  },
  people: {
    settings: settingsOf({ TELEGRAM_ALLOWED_USERS: '42' }),
    now: NOW,
    admins: ['kim'],
    keys: [
      {
        username: 'kim',
        prefix: 'claw_0123456',
        created_at: NOW - 1000,
        expires_at: NOW + 1000,
        last_used_at: NOW - 10,
      },
    ],
    disabledWithAccess: [],
    waiting: { pairings: 0, devices: 0 },
    channels: { telegram: ['42'] },
  },
  secrets: { settings, kind: 'keychain', isKeyBeside: false, isDesktop: true, inConfig: [], openEnvFiles: [] },
  files: {
    home: HOME,
    readable: [],
    readableLogs: [],
    writable: [],
    isWhole: true,
    fileSystem: 'ext4',
    realHome: HOME,
    uid: 1000,
    owner: 1000,
  },
  keeping: {
    settings,
    backups: [{ file: `${HOME}/backups/a.tar.zst`, encrypted: true, secrets: true, isOpen: false }],
    hasPassphrase: true,
    hasData: true,
    trail: { isWhole: true, rows: 4, problem: null, remark: null },
    hasAnchor: true,
    moneyBudgets: 1,
    isPaid: true,
    webhooks: [{ id: '0190', url: 'https://hooks.example.com/claw' }],
  },
  machine: {
    walls: ['quickjs', 'bubblewrap', 'container', 'documents'].map((name) => ({ name, works: true, detail: 'works' })),
    installers: ['apt-get'],
    nodeVersion: '26.10.0',
    testedNode: '26.10.0',
    engineSockets: [],
    uid: 1000,
    unit: await GOOD.server.unit(),
    unitExposure: 4.2,
  },
};

/** The same as the audit takes them. */
export function asked(facts: PlainFacts): AuditFacts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, async () => value]),
  ) as unknown as AuditFacts;
}
