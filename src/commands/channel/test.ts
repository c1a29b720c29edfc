/** Asks chat platforms whether they know us. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { ClawError, ERROR_KINDS } from '../../core/kernel/errors.ts';
import { phrase } from '../../core/kernel/language/phrase.ts';
import { appChannels, channelContext } from '../../serve/app-channels.ts';
import { channelTestsText, testChannels } from '../../serve/test-channels.ts';

function nothingToTest(): ClawError {
  return new ClawError('auth-missing', phrase('noChannelYet'), {
    hint: '"claw serve --check" says which secret each needs; set it with "claw secret set NAME".',
  });
}

export default class ChannelTest extends BaseCommand {
  static override summary = 'Ask the chat platforms who we are there; no message is read or sent.';
  static override description = 'Exit code 4 for a credential that is missing or refused, 8 for a platform that fails.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> telegram --json',
  ];
  static override args = { name: Args.string({ description: 'The channel; all that are configured when left out.' }) };

  async run(): Promise<void> {
    const { args } = await this.parse(ChannelTest);
    const app = await this.openApp();
    const plan = await appChannels(app, args.name === undefined ? undefined : [args.name]);
    if (args.name === undefined && !plan.some(({ starts, isWanted }) => starts || isWanted)) throw nothingToTest();
    const tests = await testChannels(plan, channelContext(app, await app.log()), this.signal);
    this.print(tests, () => channelTestsText(tests));
    const failure = tests.find(({ ok }) => !ok)?.error ?? null;
    if (failure !== null) process.exitCode = ERROR_KINDS[failure.code].exitCode;
  }
}
