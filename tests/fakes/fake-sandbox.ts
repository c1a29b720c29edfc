/** A sandbox without walls, for tests of what is built on it: loads the code into this process. */
import { setTimeout as wait } from 'node:timers/promises';
import { ClawError, toError } from '../../src/core/kernel/errors.ts';
import { NO_PERMISSIONS } from '../../src/core/tools/permissions.ts';
import type { SelfDescription, ToolSandbox } from '../../src/core/tools/tool-sandbox.ts';

interface Loaded extends Partial<SelfDescription> {
  run(input: object, context: object): unknown;
}

async function load(code: string): Promise<Loaded> {
  const alone = code.replace(/import \{[^}]*\} from 'claw\/tool';?/, 'const defineTool = (tool) => tool;');
  const module = (await import(`data:text/javascript,${encodeURIComponent(alone)}`)) as { default?: Loaded };
  if (module.default === undefined) throw new ClawError('data-invalid', 'it exports no tool');
  return module.default;
}

export interface FakeSandbox extends ToolSandbox {
  /** Codes that were described and run, in order. */
  readonly described: string[];
  readonly ran: string[];
}

export function createFakeSandbox(): FakeSandbox {
  const described: string[] = [];
  const ran: string[] = [];
  return {
    described,
    ran,
    async describe(code) {
      described.push(code);
      const { name = '', description = '', inputSchema = { type: 'object' }, ...rest } = await load(code);
      const { permissions = {}, examples = [] } = rest;
      return {
        name,
        description,
        inputSchema,
        examples,
        runtime: 'quickjs',
        parallel: true,
        idempotent: false,
        provenance: 'tool',
        permissions: {
          ...NO_PERMISSIONS,
          ...permissions,
        },
      };
    },
    async run({ code, input, signal, services, grant }) {
      ran.push(code);
      const { run } = await load(code);
      const host = (name: string) => ({
        call: (method: string, args: object) => services?.host(name, method, args as never),
      });
      const context = { host, grant };
      try {
        const ended = wait(60_000, undefined, { signal, ref: false }).then(() => undefined);
        // A run that throws at once leaves nobody to hear of its end.
        ended.catch(() => {});
        return { status: 'ok', output: (await Promise.race([run(input, context), ended])) as never, ms: 1 };
      } catch (error) {
        const status = error instanceof ClawError && error.code === 'sandbox-refused' ? 'refused' : 'error';
        return { status, output: null, error: toError(error).message, ms: 1 };
      }
    },
  };
}
