/** Says whether a message would wake the assistant in a room, and why. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { trueFalse } from '../../cli/flags.ts';

export default class GroupTest extends BaseCommand {
  static override summary = 'Say whether a message would wake the assistant, and why.';
  static override description =
    '@Name at the start of the text wakes it, in any case, when no letter, digit, mark or underscore of any script follows. A mention or a reply always does. A pattern takes the place of the name.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --name J --text "@J hi"',
    "<%= config.bin %> <%= command.id %> --text 'ok claw, lights' --pattern '^(hey|ok) claw' --json",
    '<%= config.bin %> <%= command.id %> --jid dc:123 --text hello',
  ];
  static override flags = {
    text: Flags.string({ description: 'The message.', required: true }),
    name: Flags.string({ description: 'Name of the assistant instead of ASSISTANT_NAME.' }),
    pattern: Flags.string({ description: 'Trigger instead of the name: @Name, or a pattern of RE2 syntax.' }),
    jid: Flags.string({ description: 'Id of a registered room; its rules are used.' }),
    mention: Flags.boolean({ description: 'The platform says that the assistant is mentioned.' }),
    reply: Flags.boolean({ description: 'The message replies to the assistant.' }),
    'requires-trigger': trueFalse({ description: 'Whether the room needs a trigger at all.' }),
    particles: Flags.boolean({ description: 'Let a Korean particle follow the name.', allowNo: true }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(GroupTest);
    const groups = await (await this.openApp()).groups();
    const question = {
      text: flags.text,
      assistantName: flags.name,
      pattern: flags.pattern,
      isMention: flags.mention,
      isReplyToAssistant: flags.reply,
      requiresTrigger: flags['requires-trigger'],
      particles: flags.particles,
    };
    const verdict = await groups.test(question, flags.jid);
    this.print(
      verdict,
      () => `${verdict.engages ? 'It wakes the assistant' : 'It does not wake the assistant'}: ${verdict.reason}.`,
    );
  }
}
