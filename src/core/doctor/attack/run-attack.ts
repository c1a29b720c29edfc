/** Owns `claw doctor --attack`: hostile code goes through the same walls as any tool's on this machine, and what it touched is looked for from outside of its process. */
import { ClawError, toError } from '../../kernel/errors.ts';
import { type BrokerServices, createBroker, type Grant } from '../../sandbox/broker.ts';
import { DEFAULT_LIMITS, type Sandbox, type SandboxOutcome } from '../../sandbox/sandbox.ts';
import { type Canaries, openCanaries } from './canaries.ts';
import { allProbes, NODE_HEAD, type Probe, type ProbeAim } from './probes.ts';

export interface ProbeResult {
  readonly probe: string;
  readonly aim: ProbeAim;
  readonly runtime: string;
  /** `not-run`: no wall for it works here, so claw refuses such tools. */
  readonly result: 'held' | 'BROKEN' | 'not-run';
  /** What was touched, or what ended the probe. */
  readonly detail: string;
  /** Milliseconds. */
  readonly ms: number;
}

const NOTHING: Grant = { net: [], files: [], exec: [], secrets: [], host: [] };

/** Milliseconds a probe gets. */
const DEADLINE_MS = 500;
/** A bomb that lives longer than this after its deadline was not ended, in milliseconds. */
const LATE_MS = 1_000;
/** Name and value that no tool may see; claw's own environment holds nothing of the sort for them either. */
const ENVIRONMENT = /\b(?:PATH|HOME)\b|CLAW_|_API_KEY|_TOKEN/;

/** Runs every probe, one after the other; `onResult` hears of each as it ends. */
export async function runAttack(
  sandbox: Sandbox,
  signal: AbortSignal,
  onResult: (result: ProbeResult) => void = () => {},
): Promise<ProbeResult[]> {
  const canaries = await openCanaries();
  const results: ProbeResult[] = [];
  try {
    for (const probe of allProbes(canaries)) {
      signal.throwIfAborted();
      const result = await runProbe(sandbox, probe, canaries, signal);
      results.push(result);
      onResult(result);
    }
    return results;
  } finally {
    await canaries.close();
  }
}

async function runProbe(sandbox: Sandbox, probe: Probe, canaries: Canaries, signal: AbortSignal): Promise<ProbeResult> {
  const { name, aim, runtime } = probe;
  const own = { probe: name, aim, runtime };
  const granted: string[] = [];
  const watched = watchedServices(granted);
  const began = performance.now();
  try {
    const outcome = await sandbox.run({
      code: sourceOf(probe),
      runtime,
      input: {},
      limits: { ...DEFAULT_LIMITS, wallMs: DEADLINE_MS },
      ask: createBroker(NOTHING, watched, () => {}),
      signal,
    });
    // What was touched in the last moment is told in the next round of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    const broken = granted.length > 0 ? `it was granted: ${granted.join(', ')}` : judge(probe, outcome, canaries);
    const detail = broken ?? (outcome.error ?? `it answered ${JSON.stringify(outcome.output)}`).slice(0, 100);
    return { ...own, result: broken === undefined ? 'held' : 'BROKEN', detail, ms: outcome.ms };
  } catch (error) {
    signal.throwIfAborted();
    const ms = Math.round(performance.now() - began);
    const isMissing = error instanceof ClawError && error.code === 'sandbox-unavailable';
    return { ...own, result: isMissing ? 'not-run' : 'BROKEN', detail: toError(error).message, ms };
  }
}

/** What was broken; undefined when the wall held. */
function judge(probe: Probe, outcome: SandboxOutcome, canaries: Canaries): string | undefined {
  const harm = canaries.harm();
  if (harm.length > 0) return `it touched: ${harm.join(', ')}`;
  const said = JSON.stringify([outcome.output, outcome.error]);
  if (said.includes(canaries.secret)) return 'it read the canary file';
  if (probe.aim === 'environment' && ENVIRONMENT.test(JSON.stringify(outcome.output))) return 'it saw the environment';
  if (probe.isBomb && outcome.status === 'ok') return 'it was not stopped';
  if (outcome.ms > DEADLINE_MS + LATE_MS) return `it was ended ${outcome.ms - DEADLINE_MS} ms after its deadline`;
  return undefined;
}

/** Services that do nothing but tell that a question reached them. */
function watchedServices(granted: string[]): BrokerServices {
  const tell = (name: string) => async (): Promise<never> => {
    granted.push(name);
    throw new ClawError('sandbox-refused', 'nothing is granted here');
  };
  return {
    fetch: async ({ url, refuse }) => {
      const reason = refuse(new URL(url));
      if (reason === undefined) granted.push(`fetch of ${url}`);
      throw new ClawError('sandbox-refused', reason ?? 'nothing is granted here');
    },
    files: tell('files'),
    exec: tell('exec'),
    secret: tell('secret'),
    host: tell('host'),
  };
}

function sourceOf({ runtime, body }: Probe): string {
  const head = runtime === 'node' ? NODE_HEAD : '';
  const tool = "{ name: 'probe', description: 'a probe', input: z.object({}), async run(input, ctx) {";
  return `import { defineTool, z } from 'claw/tool';\n${head}\nexport default defineTool(${tool} ${body} } });`;
}
