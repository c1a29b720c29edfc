/** Counts what is remembered. */
import { BaseCommand } from '../../cli/base-command.ts';
import { holderFlags, memoryHolder } from '../../cli/memory-report.ts';
import { table } from '../../cli/table.ts';

export default class MemoryStats extends BaseCommand {
  static override summary = 'Count memories by category, with their limits, and check the search index.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = holderFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(MemoryStats);
    const app = await this.openApp();
    const holder = await memoryHolder(app, flags, 'memory.read');
    const service = await app.memory();
    const categories = await service.counts(holder);
    const active = categories.reduce((sum, count) => sum + count.active, 0);
    const index = (await service.checkIndex()).ok ? 'ok' : 'damaged';
    this.print({ active, index, categories }, () => {
      const rows = categories.map(({ category, active: now, archived, limit }) => ({
        category,
        active: now,
        limit,
        archived,
      }));
      return `${table(rows, this.texts)}\nSearch index: ${index}`;
    });
  }
}
