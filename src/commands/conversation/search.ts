/** Searches in what was said. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { hitText } from '../../cli/conversation-hit.ts';
import { hitJson } from '../../core/conversations/story-json.ts';
import { instantFlag, userFlag } from '../../cli/flags.ts';
import { permittedUser } from '../../cli/permitted-user.ts';
import { printErr } from '../../cli/print.ts';

export default class ConversationSearch extends BaseCommand {
  static override summary = 'Search in your conversations, the best place first.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> "train to Busan"',
    '<%= config.bin %> <%= command.id %> 회의 --from 2026-01-01 --tag work --json',
  ];
  static override args = { query: Args.string({ description: 'What to look for.', required: true }) };
  static override flags = {
    from: instantFlag({ description: 'From this day or instant on.' }),
    to: instantFlag({ description: 'Before this day or instant.' }),
    channel: Flags.string({ description: 'Where it was begun: terminal, telegram, discord, slack.' }),
    tag: Flags.string({ description: 'Only conversations with this tag.' }),
    who: Flags.option({ options: ['user', 'assistant'] as const, description: 'Who said it.' })(),
    limit: Flags.integer({ description: 'How many.', default: 10, min: 1, max: 1000 }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConversationSearch);
    const app = await this.openApp();
    const user = await permittedUser(app, flags.user, 'conversation.read');
    const { from, to, channel: origin, tag, who: role, limit } = flags;
    const search = await app.conversations();
    const hits = await search.search(user.id, args.query, { from, to, origin, tag, role, limit }, this.signal);
    const list = hits.map(hitJson);
    if (list.length > 0 || flags.json) return this.print(list, () => list.map(hitText).join('\n'));
    printErr(await search.whyNothing(user.id, args.query, { from, to, origin, tag, role, limit }));
  }
}
