/** Lists what could not be answered or delivered. */
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { toWire } from '../../core/kernel/wire.ts';

const MOST = 100;

export default class ConversationFailed extends BaseCommand {
  static override summary = 'List messages of chat platforms that were not answered or not delivered, and why.';
  static override description =
    'A message with the state uncertain was delivered, perhaps twice: the platform could not tell.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> conversation resend 019aa0f3'];

  async run(): Promise<void> {
    await this.parse(ConversationFailed);
    const app = await this.openApp();
    const letters = await (await app.deadLetters()).list(MOST, await app.user());
    this.print(letters.map(toWire), () =>
      letters.length === 0
        ? 'Everything was answered and delivered.'
        : table(
            letters.map(({ id, direction, state, chatId, at, reason }) => ({
              id,
              direction,
              state,
              chat: chatId,
              at: new Date(at).toISOString(),
              reason,
            })),
            this.texts,
          ),
    );
  }
}
