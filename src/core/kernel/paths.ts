/** Owns the layout of a home. Every path below it is named here and nowhere else. */
import { join } from 'node:path';

export interface AuditPaths {
  /** Key of the audit trail's codes. */
  readonly auditKey: string;
  /** How far the trail had come. */
  readonly auditAnchor: string;
}

export interface HomePaths extends AuditPaths {
  readonly home: string;
  readonly database: string;
  readonly config: string;
  readonly configHistory: string;
  readonly env: string;
  readonly secrets: string;
  readonly secretsKey: string;
  /** Names of the secrets that the keychain holds, never values. */
  readonly secretsIndex: string;
  /** Signs access tokens where no secret is set. */
  readonly signingKey: string;
  readonly signingKeyLock: string;
  readonly instruction: string;
  readonly models: string;
  readonly replHistory: string;
  readonly tools: string;
  readonly skills: string;
  readonly groups: string;
  readonly knowledge: string;
  readonly spool: string;
  readonly backups: string;
  readonly logs: string;
  readonly log: string;
  readonly run: string;
  /** The note of a restore that has begun to swap files. */
  readonly restoreNote: string;
  /** Held by the server as long as it runs; nobody else may open it. */
  readonly serverLock: string;
  /** Held by the process that makes vectors of documents. */
  readonly embedLock: string;
  /** Held while a package's decision and its file are written. */
  readonly marketplaceLock: string;
  /** Copies of registries that were fetched. */
  readonly marketplaceCache: string;
  /** Held by the process that imports, and where it puts copies. */
  readonly importLock: string;
  readonly importScratch: string;
  /** What the running server says of itself. */
  readonly serverState: string;
  /** How the last runs of the server began and ended. */
  readonly serverStarts: string;
  /** Where the link of the first sign-in stands until it is used. */
  readonly setUpLink: string;
  /** A page that leads a browser to the dashboard, for as long as its link is good. */
  readonly dashboardPage: string;
}

/** Paths of the home at `home`, an absolute directory. Creates nothing. */
export function homePaths(home: string): HomePaths {
  return {
    home,
    database: join(home, 'claw.db'),
    config: join(home, 'config.json'),
    configHistory: join(home, 'run', 'config-history'),
    env: join(home, '.env'),
    secrets: join(home, 'secrets.sealed'),
    secretsKey: join(home, 'secrets.key'),
    secretsIndex: join(home, 'secrets.json'),
    signingKey: join(home, 'signing.key'),
    signingKeyLock: join(home, 'run', 'signing-key.lock'),
    instruction: join(home, 'instruction.md'),
    models: join(home, 'models.json'),
    replHistory: join(home, 'run', 'chat-history'),
    tools: join(home, 'tools'),
    skills: join(home, 'skills'),
    groups: join(home, 'groups'),
    knowledge: join(home, 'knowledge'),
    spool: join(home, 'spool'),
    backups: join(home, 'backups'),
    logs: join(home, 'logs'),
    log: join(home, 'logs', 'claw.log'),
    run: join(home, 'run'),
    embedLock: join(home, 'run', 'embed.lock'),
    marketplaceLock: join(home, 'run', 'marketplace.lock'),
    marketplaceCache: join(home, 'run', 'registries'),
    importLock: join(home, 'run', 'import.lock'),
    importScratch: join(home, 'run', 'import'),
    restoreNote: join(home, 'restore.json'),
    serverLock: join(home, 'run', 'serve.lock'),
    serverState: join(home, 'run', 'serve.json'),
    serverStarts: join(home, 'run', 'serve-starts.json'),
    setUpLink: join(home, 'run', 'setup-link'),
    dashboardPage: join(home, 'run', 'open-dashboard.html'),
    ...auditPaths(home),
  };
}

/** The files of the audit trail beside a database in `folder`. */
export function auditPaths(folder: string): AuditPaths {
  return { auditKey: join(folder, 'audit.key'), auditAnchor: join(folder, 'audit.anchor') };
}
