/** Remembers something. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { categoryFlag, holderFlags, memoryHolder } from '../../cli/memory-report.ts';
import { memoryExpiry, memoryJson } from '../../core/memory/memory.ts';

export default class MemoryAdd extends BaseCommand {
  static override summary = 'Remember something; the same category and key replaces the older value.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --category facts --key birthday --value "3 May"',
    '<%= config.bin %> <%= command.id %> --category notes --key visa --value "renew" --expires 30d',
  ];
  static override flags = {
    category: categoryFlag({ required: true }),
    key: Flags.string({ description: 'Short name, such as birthday.', required: true }),
    value: Flags.string({ description: 'What to remember.', required: true }),
    importance: Flags.integer({ description: '1 to 5; the least important go first when there are too many.' }),
    expires: Flags.string({ description: 'When to forget it: 2027-01-31, 12h, 30d or never.' }),
    ...holderFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(MemoryAdd);
    const app = await this.openApp();
    const holder = await memoryHolder(app, flags, 'memory.change');
    const { category, key, value, importance, expires } = flags;
    const input = {
      category,
      key,
      value,
      ...(importance === undefined ? {} : { importance }),
      ...(expires === undefined ? {} : { expiresAt: memoryExpiry(expires, app.clock.now()) }),
    };
    const { username } = await app.user(flags.user);
    const source = { origin: 'person', why: `${username} added it on the command line` } as const;
    const { memory, replaced, archived } = await (await app.memory()).add(holder, input, source);
    const json = { ...memoryJson(memory), replaced: replaced ?? null, archived: archived.map(memoryJson) };
    this.print(json, () => {
      const was = replaced === undefined ? '' : ` (before: ${replaced})`;
      const gone = archived.map((row) => `\nArchived for it: ${row.category}/${row.key}`).join('');
      return `${memory.category}/${memory.key}: ${memory.value}${was}${gone}`;
    });
  }
}
