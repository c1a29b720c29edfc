/** Owns what the API tells of the health and safety of the installation. Both are found out by a process of their own, one at a time: whoever asks meanwhile gets the same answer. */
import { z } from 'zod';
import type { App } from '../../core/create-app.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import { SEVERITIES } from '../../core/doctor/security/finding.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { runAside, saidBy } from '../run-aside.ts';
import { recordAct } from './record-act.ts';
import { route, type Route, type RouteDeps } from './route.ts';

const check = z.object({
  check: z.string(),
  status: z.enum(['ok', 'warning', 'error']),
  detail: z.string(),
  fix: z.string().nullable().describe('The command that mends it'),
});

const report = z.object({
  score: z.int().min(0).max(100),
  counts: z.record(z.enum(SEVERITIES), z.int()),
  findings: z.array(
    z.object({
      id: z.string(),
      severity: z.enum(SEVERITIES),
      title: z.string(),
      detail: z.string(),
      evidence: z.string(),
      fix: z.string().nullable(),
      is_auto_fixable: z.boolean(),
    }),
  ),
});

const mended = z.object({
  snapshot: z.string().nullable().describe('Folder with what was there before; null: nothing was changed'),
  results: z.array(
    z.object({
      check: z.string(),
      outcome: z.enum(['fixed', 'not-fixed', 'needs-you']),
      detail: z.string(),
      fix: z.string().nullable(),
    }),
  ),
  checks: z.array(check),
});

const hardened = z.object({
  dry_run: z.boolean(),
  score_before: z.int(),
  score_after: z.int().nullable(),
  snapshot: z.string().nullable().describe('Folder with what was there before; null: nothing was changed'),
  changes: z.array(
    z.object({
      finding: z.string(),
      what: z.enum(['setting', 'mode']),
      name: z.string(),
      before: z.unknown(),
      after: z.unknown(),
    }),
  ),
  undo: z.string().nullable().describe('The command that takes the settings back'),
  left: z.array(report.shape.findings.element).describe('What is left for people'),
});

const age = z.object({
  max_age_seconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(0)
    .describe('An answer that is not older will do'),
});

export function healthRoutes({ app }: RouteDeps): readonly Route[] {
  const examine = keptFor(
    app.clock,
    oneAtATime(() => ask(app, ['doctor'], z.array(check))),
  );
  const judge = keptFor(
    app.clock,
    oneAtATime(() => ask(app, ['security', 'audit'], report)),
  );
  return [
    ...mendRoutes(app, () => {
      examine.forget();
      judge.forget();
    }),
    route({
      method: 'GET',
      path: '/doctor',
      action: 'doctor.read',
      summary: 'Check the installation: every finding names the command that mends it',
      query: age,
      result: z.array(check),
      handle: ({ query }) => examine.read(query.max_age_seconds * 1000),
    }),
    route({
      method: 'GET',
      path: '/security/audit',
      action: 'security.read',
      summary: 'Judge how safe the installation is: a score and its findings',
      query: age,
      result: report,
      handle: ({ query }) => judge.read(query.max_age_seconds * 1000),
    }),
  ];
}

/** What mends: the same commands as at the terminal, which keep a copy of what may change first. */
function mendRoutes(app: App, onDone: () => void): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/doctor/fix',
      action: 'doctor.fix',
      summary: 'Mend what can be mended safely, after a copy of the database and the settings was made',
      body: z.strictObject({}),
      result: mended,
      handle: async ({ actor }) => {
        const done = await ask(app, ['doctor', '--fix', '--yes'], mended).finally(onDone);
        const fixed = done.results.flatMap(({ check: name, outcome }) => (outcome === 'fixed' ? [name] : []));
        await recordAct(app, actor, 'doctor.fix', { detail: { fixed } });
        return done;
      },
    }),
    route({
      method: 'POST',
      path: '/security/harden',
      action: 'security.harden',
      summary: 'Apply what the security audit can mend by itself; one undo of the settings takes them back',
      body: z.strictObject({ dry_run: z.boolean().default(false).describe('Only say what would change') }),
      result: hardened,
      handle: async ({ actor, body: { dry_run: isTrial } }) => {
        const words = ['security', 'harden', isTrial ? '--dry-run' : '--yes'];
        const done = await ask(app, words, hardened);
        if (!isTrial) {
          onDone();
          const changed = done.changes.map(({ name }) => name);
          await recordAct(app, actor, 'security.harden', { detail: { changed } });
        }
        return done;
      },
    }),
  ];
}

interface Kept<T> {
  /** What is known when that is not older than `maxAgeMs`, otherwise what is found out now. */
  read(maxAgeMs: number): Promise<T>;
  forget(): void;
}

function keptFor<T>(clock: Clock, work: () => Promise<T>): Kept<T> {
  let kept: { readonly at: number; readonly value: T } | undefined;
  return {
    async read(maxAgeMs) {
      if (kept !== undefined && clock.elapsed() - kept.at < maxAgeMs) return kept.value;
      const value = await work();
      kept = { at: clock.elapsed(), value };
      return value;
    },
    forget: () => {
      kept = undefined;
    },
  };
}

/** Those who ask while it is found out get the same answer. */
function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}

const TIMEOUT_MS = 60_000;
/** Exit code of a doctor that found an error. */
const FOUND_ERRORS = 10;

async function ask<T>(app: App, words: readonly string[], schema: z.ZodType<T>): Promise<T> {
  const run = await runAside(app, words, { timeoutMs: TIMEOUT_MS });
  const isDone = run.outcome === 'exited' && (run.code === 0 || run.code === FOUND_ERRORS);
  if (isDone) return schema.parse(JSON.parse(run.stdout.toString('utf8')));
  throw new ClawError('upstream-failed', `claw ${words.join(' ')} failed (${run.outcome}): ${saidBy(run)}`);
}
