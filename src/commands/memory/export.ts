/** Writes out what is remembered. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { holderFlags, memoryHolder } from '../../cli/memory-report.ts';
import { writeNewFile } from '../../cli/write-new-file.ts';
import { exportedMemories } from '../../core/memory/exported-memories.ts';

export default class MemoryExport extends BaseCommand {
  static override summary = 'Write out every memory, the archive and older values included, as JSON.';
  static override examples = ['<%= config.bin %> <%= command.id %> > memories.json'];
  static override flags = {
    output: Flags.string({ char: 'o', description: 'A new file to write to.' }),
    ...holderFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(MemoryExport);
    const app = await this.openApp();
    const holder = await memoryHolder(app, flags, 'memory.read');
    const service = await app.memory();
    const list = await exportedMemories(service, holder);
    const text = JSON.stringify(list, null, 2);
    if (flags.output === undefined) this.print(list, () => text);
    else {
      await writeNewFile(flags.output, `${text}\n`);
      this.print({ file: flags.output, memories: list.length }, () => `${list.length} memories in ${flags.output}`);
    }
  }
}
