/** Forgets something. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { holderFlags, memoryArgs, memoryHolder, memoryReference, referenceFlags } from '../../cli/memory-report.ts';
import { memoryJson } from '../../core/memory/memory.ts';

export default class MemoryRemove extends BaseCommand {
  static override summary = 'Forget something. It goes to the archive and can be restored, unless --erase.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> facts/birthday',
    '<%= config.bin %> <%= command.id %> --category facts --key birthday --erase',
  ];
  static override args = memoryArgs;
  static override flags = {
    erase: Flags.boolean({ description: 'Delete it with its history, for good.' }),
    ...referenceFlags,
    ...holderFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MemoryRemove);
    const app = await this.openApp();
    const holder = await memoryHolder(app, flags, 'memory.change');
    const service = await app.memory();
    const reference = memoryReference(args.memory, flags);
    const row = await (flags.erase ? service.erase(holder, reference) : service.remove(holder, reference));
    this.print({ ...memoryJson(row), erased: flags.erase }, () =>
      flags.erase
        ? `Erased ${row.category}/${row.key}.`
        : `Forgot ${row.category}/${row.key}. Undo: claw memory restore`,
    );
  }
}
