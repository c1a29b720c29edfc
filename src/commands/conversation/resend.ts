/** Sends again what could not be answered or delivered. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { toWire } from '../../core/kernel/wire.ts';

export default class ConversationResend extends BaseCommand {
  static override summary = 'Send a message again that was not answered or not delivered.';
  static override examples = ['<%= config.bin %> <%= command.id %> 019aa0f3'];
  static override args = {
    id: Args.string({ description: 'Its id from "claw conversation failed", or the beginning of it.', required: true }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(ConversationResend);
    const app = await this.openApp();
    const letter = await (await app.deadLetters()).resend(args.id, await app.user());
    this.print(toWire(letter), () => `${letter.id} is in line again.`);
  }
}
