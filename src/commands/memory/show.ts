/** Shows one memory. */
import { BaseCommand } from '../../cli/base-command.ts';
import {
  holderFlags,
  memoryArgs,
  memoryHolder,
  memoryReference,
  memoryText,
  referenceFlags,
} from '../../cli/memory-report.ts';
import { memoryJson } from '../../core/memory/memory.ts';

export default class MemoryShow extends BaseCommand {
  static override summary = 'Show one memory: its value, why it is there, and the values it had before.';
  static override examples = ['<%= config.bin %> <%= command.id %> facts/birthday'];
  static override args = memoryArgs;
  static override flags = { ...referenceFlags, ...holderFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MemoryShow);
    const app = await this.openApp();
    const holder = await memoryHolder(app, flags, 'memory.read');
    const service = await app.memory();
    const row = await service.find(holder, memoryReference(args.memory, flags));
    const history = (await service.history(row)).map((before) => ({
      value: before.value,
      why: before.why,
      set_at: new Date(before.set_at).toISOString(),
      replaced_at: new Date(before.replaced_at).toISOString(),
    }));
    this.print({ ...memoryJson(row), history }, () =>
      [memoryText(row), ...history.map((old) => `until ${old.replaced_at}: ${old.value} (${old.why})`)].join('\n'),
    );
  }
}
