/** Runs one tool. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { exitCodeOfRun, parseInput, requireUnsafeTests, runText } from '../../cli/tool-run.ts';
import { requireChatRight } from '../../core/access/local-user.ts';
import { newId } from '../../core/kernel/ids.ts';

export default class ToolRun extends BaseCommand {
  static override summary = 'Run a tool with an input, inside its wall, and print what it answers.';
  static override description = 'Exit codes: 0 ok, 9 refused, 10 the tool failed, 11 it did not end in time.';
  static override examples = [`<%= config.bin %> <%= command.id %> add_two_numbers --input '{"a": 2, "b": 3}'`];
  static override args = { name: Args.string({ description: 'Its name.', required: true }) };
  static override flags = {
    input: Flags.string({
      description: 'The input, one JSON object; - reads it from stdin.',
      default: '{}',
      helpValue: 'JSON',
    }),
    timeout: Flags.integer({ description: 'Seconds after which it is stopped (default: TOOL_TIMEOUT).', min: 1 }),
    'force-activate': Flags.boolean({
      description: 'Skip everything but the wall. Only with CLAW_UNSAFE_TESTS=1, for tests of the wall.',
    }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolRun);
    const input = await parseInput(flags.input);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requireChatRight(user);
    const tools = await app.tools();
    const timeoutMs = 1000 * (flags.timeout ?? app.settings.get('TOOL_TIMEOUT'));
    const caller = { callId: newId(app.clock.now()), userId: user.id, conversationId: null };
    const call = { ...caller, input, signal: this.signal, timeoutMs };
    const force = flags['force-activate'];
    if (force) requireUnsafeTests(app.settings);
    const run = await (force ? tools.runUnsafely(args.name, call) : tools.run(args.name, call));
    await (await app.secrets()).registerStored();
    const { mask, maskJson } = await app.masker();
    const error = run.error === undefined ? null : mask(run.error);
    process.exitCode = exitCodeOfRun(run.status);
    this.print({ status: run.status, output: maskJson(run.output), ms: run.ms, error }, () =>
      mask(runText(args.name, run)),
    );
  }
}
