/** Compacts a conversation. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { permittedUser } from '../../cli/permitted-user.ts';

export default class ConversationCompact extends BaseCommand {
  static override summary = 'Give the older part of a conversation to the model in short; nothing is deleted.';
  static override description =
    'Rules (messages that begin with "rule:" or "/pin") stay word for word; decisions, open questions, facts, file names and ids are kept. It happens by itself when a conversation outgrows MAX_HISTORY.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 019aa0f3',
    '<%= config.bin %> <%= command.id %> 019aa0f3 --undo',
  ];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };
  static override flags = {
    keep: Flags.integer({ description: 'Messages at the end that stay as they are.', default: 4, min: 0 }),
    undo: Flags.boolean({ description: 'Take the last compaction back.' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConversationCompact);
    const app = await this.openApp();
    const user = await permittedUser(app, flags.user, 'conversation.change');
    const service = await app.conversations();
    if (flags.undo) {
      const { up_to_seq } = await service.undoCompaction(user.id, args.id);
      this.print({ undone: true, up_to_seq }, () => 'Undone: the model gets the messages themselves again.');
      return;
    }
    const row = await service.compact(user.id, args.id, flags.keep);
    const state = row === undefined ? null : (JSON.parse(row.state) as object);
    this.print({ compacted: row !== undefined, up_to_seq: row?.up_to_seq ?? null, state }, () =>
      row === undefined
        ? 'There is nothing to compact.'
        : `Messages 1 to ${row.up_to_seq} are given in short from now on. Undo with --undo.`,
    );
  }
}
