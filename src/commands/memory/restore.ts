/** Takes a memory out of the archive. */
import { BaseCommand } from '../../cli/base-command.ts';
import { holderFlags, memoryArgs, memoryHolder, memoryReference, referenceFlags } from '../../cli/memory-report.ts';
import { memoryJson } from '../../core/memory/memory.ts';

export default class MemoryRestore extends BaseCommand {
  static override summary = 'Take a memory out of the archive: the one named, or the last that was removed.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> facts/birthday',
  ];
  static override args = memoryArgs;
  static override flags = { ...referenceFlags, ...holderFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MemoryRestore);
    const app = await this.openApp();
    const holder = await memoryHolder(app, flags, 'memory.change');
    const isNamed = args.memory !== undefined || flags.key !== undefined;
    const reference = isNamed ? memoryReference(args.memory, flags) : undefined;
    const { memory, archived } = await (await app.memory()).restore(holder, reference);
    this.print({ ...memoryJson(memory), archived: archived.map(memoryJson) }, () =>
      [
        `${memory.category}/${memory.key}: ${memory.value}`,
        ...archived.map((row) => `Archived for it: ${row.category}/${row.key}`),
      ].join('\n'),
    );
  }
}
