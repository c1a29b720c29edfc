import { BaseCommand } from '../cli/base-command.ts';
import { CHAT_ARGS, CHAT_FLAGS } from '../cli/chat-flags.ts';
import { storyJson } from '../core/conversations/story-json.ts';
import { printErr } from '../cli/print.ts';
import { writeNewFile } from '../cli/write-new-file.ts';
import { isDumbTerminal } from '../core/config/terminal.ts';
import { chatRequest, promptLast } from '../repl/chat-request.ts';
import { runChat } from '../repl/run-chat.ts';

export default class Chat extends BaseCommand {
  static override summary = 'Talk to the assistant: on a screen, in a pipe, or one question with --print.';
  static override description =
    'With --print the answer alone is on stdout and remarks are on stderr. Text piped in is added to the question. Without a model the offline mode answers and says what to add.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --continue',
    '<%= config.bin %> <%= command.id %> -p "what is 2 plus 3"',
    'git diff | <%= config.bin %> <%= command.id %> -p "review this"',
    '<%= config.bin %> <%= command.id %> -p "what is in @notes.md" --output-format json',
  ];
  static override args = CHAT_ARGS;
  static override flags = CHAT_FLAGS;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Chat, promptLast(this.argv));
    const request = chatRequest(args.prompt, flags);
    const { stdin, stdout } = process;
    const catalogue = await this.loadCatalogue();
    const out = (text: string): void => void stdout.write(text);
    const output = { out, err: printErr, isTerminal: stdout.isTTY, catalogue };
    const around = {
      openApp: () => this.openApp(),
      storyJson,
      writeFile: writeNewFile,
      version: this.config.version,
      catalogue,
      cwd: process.cwd(),
    };
    const code = await runChat(request, {
      ...around,
      stdin,
      stdout,
      output,
      signal: this.signal,
      isDumb: isDumbTerminal(),
    });
    process.exitCode ??= code;
  }
}
