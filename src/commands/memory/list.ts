/** Lists what is remembered. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { categoryFlag, holderFlags, memoryHolder, memoryTable } from '../../cli/memory-report.ts';
import { memoryJson } from '../../core/memory/memory.ts';

export default class MemoryList extends BaseCommand {
  static override summary = 'List what the assistant remembers, and why each is there.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --category facts --json',
  ];
  static override flags = {
    category: categoryFlag(),
    archived: Flags.boolean({ description: 'What was archived: over a limit, expired or removed.' }),
    ...holderFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(MemoryList);
    const app = await this.openApp();
    const holder = await memoryHolder(app, flags, 'memory.read');
    const state = flags.archived ? 'archived' : 'active';
    const rows = await (await app.memory()).list(holder, { category: flags.category, state });
    this.print(rows.map(memoryJson), () => (rows.length === 0 ? this.texts.cli.none.memories : memoryTable(rows)));
  }
}
