/** Puts a message in as if its platform had sent it. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';

export default class GroupInject extends BaseCommand {
  static override summary = 'Put a message in as if its platform had sent it.';
  static override description =
    'It goes the whole way of a message that came in: who may talk, what wakes the assistant, turn, answer. A running server takes it up within a second; otherwise the next one does.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --jid dc:123 --sender 42 --text "@Claw good morning"',
    '<%= config.bin %> <%= command.id %> --jid tg:42 --direct --sender 42 --text hello --json',
  ];
  static override flags = {
    jid: Flags.string({ description: 'The chat: tg:…, dc:… or slack:….', required: true }),
    sender: Flags.string({ description: "The sender's id on the platform.", required: true }),
    text: Flags.string({ description: 'The message.', required: true }),
    name: Flags.string({ description: "The sender's name; the id when not given." }),
    direct: Flags.boolean({ description: 'The chat is one between this person and the assistant.' }),
    mention: Flags.boolean({ description: 'The message mentions the assistant.' }),
    id: Flags.string({ description: "The platform's id of the message; the same id is taken once." }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(GroupInject);
    const app = await this.openApp();
    const message = {
      jid: flags.jid,
      sender: { id: flags.sender, name: flags.name ?? flags.sender },
      text: flags.text,
      isDirect: flags.direct,
      isMention: flags.mention,
      externalId: flags.id,
    };
    const id = await (await app.groups()).inject(message, await app.user());
    this.print({ id }, () => `Stored as message ${id}.`);
  }
}
