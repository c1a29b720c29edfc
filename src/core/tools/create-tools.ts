/** Owns the putting together of everything about tools: the walls, the registry, the services, the calls. */
import { mkdir } from 'node:fs/promises';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { lazy } from '../kernel/lazy.ts';
import type { HomePaths } from '../kernel/paths.ts';
import { decideUrl } from '../net/decide-url.ts';
import { createGuardedFetch } from '../net/guarded-fetch.ts';
import type { GuardProxy, GuardProxyDeps } from '../net/guard-proxy.ts';
import { ownAddresses, resolveBySystem } from '../net/resolve.ts';
import type { DocumentReader } from '../sandbox/document-reader.ts';
import { openGuardedFiles } from '../sandbox/files.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Doer } from '../store/audit-table.ts';
import type { Store } from '../store/store.ts';
import type { ToolVersionRow } from '../store/tools-table.ts';
import type { CallDeps, Service, ServiceScope } from './call-tool.ts';
import { deleteTool, saveDraft } from './registry/draft-tool.ts';
import { examineTool, type ExamineOptions } from './registry/examine-tool.ts';
import type { ToolPermissions } from './permissions.ts';
import type { ToolEntry } from './registry/registry-view.ts';
import { createToolAdmin, type ToolAdmin } from './registry/tool-admin.ts';
import { createToolRegistry, type ToolRegistry } from './registry/tool-registry.ts';
import type { BrowserDeps } from './services/browser.ts';
import { createToolService } from './services/create-tool.ts';
import { pageService } from './services/read-page.ts';
import { type CommandDeps, commandService, toolExec } from './services/run-command.ts';
import { shippedTools } from './shipped-tools.ts';
import { readSource, type SourceText } from './source/read-source.ts';
import { createToolHost, type Tools } from './tool-host.ts';
import type { ApprovalGate } from './tool-port.ts';
import { createWallServices } from './wall-services.ts';
import { createToolRecord } from './record-acts.ts';
import { createToolSandbox, type WallServices } from './walled-sandbox.ts';

export interface ToolPolicy {
  readonly paths: HomePaths;
  /** Absolute folder of the file tools. */
  readonly workspace: string;
  readonly disabled: readonly string[];
  readonly exec: Pick<CommandDeps, 'level' | 'allow' | 'desktop'>;
  /** Addresses that the operator set for shipped tools, by tool. */
  readonly origins: Readonly<Record<string, string | undefined>>;
  /** Origins on this machine or its network that tools may reach as if they were public. */
  readonly trusted: readonly string[];
  /** What shipped tools may read of the settings. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface ToolParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly sandbox: Sandbox;
  /** Reads pages of strangers. */
  readonly reader: () => Promise<Pick<DocumentReader, 'run'>>;
  readonly approvals: ApprovalGate;
  readonly policy: ToolPolicy;
  /** A stored secret and the hosts it is for (none: any), if there is one. */
  readonly secret: (name: string) => Promise<{ readonly value: string; readonly hosts: readonly string[] } | undefined>;
  /** Services of those above, by name; a tool that is granted one may ask it. */
  readonly services?: Readonly<Record<string, Service>>;
}

export interface ToolSystem extends Tools {
  readonly registry: ToolRegistry;
  readonly admin: ToolAdmin;
  /** Examines a source and stores it as a version that waits. Throws what `saveDraft` throws. */
  draft(text: SourceText, by: Doer, signal?: AbortSignal): Promise<ToolVersionRow>;
  /** Takes a tool away that was written here. Throws what `deleteTool` throws. */
  remove(name: string, by: Doer): Promise<ToolVersionRow>;
  examine(text: SourceText, options?: ExamineOptions): ReturnType<typeof examineTool>;
  /** Ends what was kept open for the next call. */
  close(): Promise<void>;
}

export function createTools(parts: ToolParts): ToolSystem {
  const { store, clock, policy } = parts;
  const folder = policy.paths.tools;
  const sandbox = createToolSandbox(parts.sandbox);
  const services: Record<string, Service> = { ...parts.services };
  const limits = {
    home: policy.paths.home,
    services: () => Object.keys(services).filter((name) => !OWN_SERVICES.has(name)),
  };
  const examine = (text: SourceText, options?: ExamineOptions): ReturnType<typeof examineTool> =>
    examineTool({ readSource, sandbox, limits }, text, options);
  const registry = createToolRegistry({
    store,
    clock,
    folder,
    packageLock: policy.paths.marketplaceLock,
    shipped: shippedTools(policy.disabled),
    examine,
  });
  const isAdmin = async (userId: string): Promise<boolean> => (await store.users.byId(userId))?.role === 'admin';
  const openProxy = (): Promise<GuardProxy> => openGuardProxy(NET);
  const record = createToolRecord({ store, clock });
  const { workspace, paths } = policy;
  const command: CommandDeps = { ...policy.exec, workspace, home: paths.home, openProxy, record: record.started };
  services['tools'] = createToolService({ registry, store, folder, examine, isAdmin });
  services['programs'] = commandService(command);
  services['pages'] = pageService(parts.reader);
  const browser = lazy(async () => {
    const { createBrowserService } = await import('./services/browser.ts');
    return createBrowserService(browserDeps(policy));
  });
  services['browser'] = async (...question) => (await browser()).service(...question);
  services['settings'] = async () => ({ ...policy.settings });
  const grantOf = (entry: ToolEntry): ToolPermissions => operatorGrant(policy, entry);
  const call: CallDeps = {
    sandbox,
    grantOf,
    outside: outsideServices(parts, command),
    services,
    approvals: parts.approvals,
    clock,
    refused: record.refused,
  };
  const host = createToolHost({ registry, store, call, folder, examine });
  const close = async (): Promise<void> => (await browser.made())?.close();
  const written = { store, clock, registry, folder };
  return {
    ...host,
    registry,
    examine,
    close,
    admin: createToolAdmin(written),
    draft: async (text, by, signal) =>
      saveDraft(written, text, await examine(text, signal === undefined ? {} : { signal }), by),
    remove: (name, by) => deleteTool(written, name, by),
  };
}

const NET = { resolve: resolveBySystem, ownAddresses };

/** Loaded at its first use: Node's HTTP brings its whole fetch along, 20 ms and more that most turns have no use for. */
async function openGuardProxy(deps: GuardProxyDeps): Promise<GuardProxy> {
  const proxy = await import('../net/guard-proxy.ts');
  return proxy.openGuardProxy(deps);
}

/** Services that only shipped tools have. */
const OWN_SERVICES: ReadonlySet<string> = new Set([
  'tools',
  'programs',
  'settings',
  'pages',
  'browser',
  'delegate',
  'marketplace',
]);

function outsideServices({ policy, secret }: ToolParts, command: CommandDeps): (scope: ServiceScope) => WallServices {
  const { paths, workspace } = policy;
  return (scope) => {
    const origin = scope.tool.origin === 'builtin' ? policy.origins[scope.tool.name] : undefined;
    const trustedOrigins = [...policy.trusted, ...(origin === undefined ? [] : [origin])].map(
      (text) => new URL(text).origin,
    );
    return createWallServices({
      fetch: createGuardedFetch({ ...NET, trustedOrigins }),
      home: paths.home,
      folders: { workspace, spool: paths.spool },
      secret: (name) => secretFor(policy, scope, secret, name),
      exec: toolExec(command, scope),
    });
  };
}

function browserDeps({ paths, workspace, trusted }: ToolPolicy): BrowserDeps {
  const trustedOrigins = trusted.map((text) => new URL(text).origin);
  const files = openGuardedFiles({
    roots: [{ name: 'workspace', folder: workspace, mode: 'write' }],
    home: paths.home,
  });
  return {
    folder: paths.run,
    openProxy: () => openGuardProxy({ ...NET, trustedOrigins }),
    refuseUrl: async (url) => {
      const { decision, reason } = await decideUrl(url, NET.resolve, { trustedOrigins, ownAddresses: ownAddresses() });
      return decision === 'deny' ? reason : undefined;
    },
    savePicture: async (path, png) => {
      await mkdir(workspace, { recursive: true, mode: 0o700 });
      await files.write(path, png, { maxBytes: MAX_PICTURE_BYTES });
    },
  };
}

const MAX_PICTURE_BYTES = 20 * 1024 * 1024;

/** A shipped tool may also reach the address that was set for it, with the secrets it has for its usual one; one that may open any site, the trusted origins too. */
function operatorGrant({ origins, trusted }: ToolPolicy, { name, origin, permissions }: ToolEntry): ToolPermissions {
  if (origin !== 'builtin') return permissions;
  const own = origins[name] === undefined ? [] : [new URL(origins[name]).host];
  const named = new Set(permissions.secrets.map((secret) => secret.name));
  const secrets = own.flatMap((host) => [...named].map((secret) => ({ name: secret, host })));
  const wide = permissions.net.includes('*') ? trusted.map((text) => new URL(text).host) : [];
  return { ...permissions, net: [...permissions.net, ...own, ...wide], secrets: [...permissions.secrets, ...secrets] };
}

/** The secret's value, when the host it was granted for is one that the secret itself is bound to. */
async function secretFor(
  policy: ToolPolicy,
  scope: ServiceScope,
  secret: ToolParts['secret'],
  name: string,
): Promise<string> {
  const found = await secret(name);
  if (found === undefined)
    throw new ClawError('not-found', `there is no secret named ${name}`, { hint: `claw secret set ${name}` });
  const granted = operatorGrant(policy, scope.tool)
    .secrets.filter((each) => each.name === name)
    .map(({ host }) => host);
  const isBound = (host: string): boolean => found.hosts.includes(host);
  // A shipped tool sends a secret to the one host that is configured; any other may send it to each it was granted for.
  const isFit = scope.tool.origin === 'builtin' ? granted.some(isBound) : granted.every(isBound);
  if (found.hosts.length === 0 || isFit) return found.value;
  throw new ClawError(
    'sandbox-refused',
    `the secret ${name} is bound to ${found.hosts.join(', ')} and not for ${granted.join(', ')}`,
  );
}
