/** Owns what the API tells of the health and safety of the installation. Both are found out by a process of their own, one at a time: whoever asks meanwhile gets the same answer. */
import { z } from 'zod';
import type { App } from '../../core/create-app.ts';
import { SEVERITIES } from '../../core/doctor/security/finding.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { runAside, saidBy } from '../run-aside.ts';
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

export function healthRoutes({ app }: RouteDeps): readonly Route[] {
  const examine = oneAtATime(() => ask(app, ['doctor'], z.array(check)));
  const judge = oneAtATime(() => ask(app, ['security', 'audit'], report));
  return [
    route({
      method: 'GET',
      path: '/doctor',
      action: 'doctor.read',
      summary: 'Check the installation: every finding names the command that mends it',
      result: z.array(check),
      handle: examine,
    }),
    route({
      method: 'GET',
      path: '/security/audit',
      action: 'security.read',
      summary: 'Judge how safe the installation is: a score and its findings',
      result: report,
      handle: judge,
    }),
  ];
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
