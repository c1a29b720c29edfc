/** Searches what is remembered. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { holderFlags, memoryHolder, memoryTable } from '../../cli/memory-report.ts';
import { memoryJson } from '../../core/memory/memory.ts';

export default class MemorySearch extends BaseCommand {
  static override summary = 'Search what the assistant remembers, the best first.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> birthday',
    '<%= config.bin %> <%= command.id %> 생일',
  ];
  static override args = { query: Args.string({ description: 'What to look for.', required: true }) };
  static override flags = {
    limit: Flags.integer({ description: 'How many.', default: 10, min: 1, max: 200 }),
    ...holderFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MemorySearch);
    const app = await this.openApp();
    const holder = await memoryHolder(app, flags, 'memory.read');
    const memory = await app.memory();
    const rows = await memory.search(holder, args.query, { limit: flags.limit });
    const active = (await memory.counts(holder)).reduce((sum, count) => sum + count.active, 0);
    this.print(rows.map(memoryJson), () =>
      rows.length === 0 ? `No memory holds any of these words (${active} were searched).` : memoryTable(rows),
    );
  }
}
