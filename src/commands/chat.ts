import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { storyJson } from '../cli/conversation-story.ts';
import { userFlag } from '../cli/flags.ts';
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
  static override args = { prompt: Args.string({ ignoreStdin: true, description: 'What to say first; - reads it from stdin.' }) };
  static override flags = {
    print: Flags.boolean({ char: 'p', description: 'Answer one question and end.' }),
    'output-format': Flags.string({ options: ['text', 'json', 'stream-json'] as const, description: 'What --print writes; stream-json is one event a line.' }),
    continue: Flags.boolean({ char: 'c', description: 'Go on with your last conversation.', exclusive: ['resume'] }),
    resume: Flags.string({ char: 'r', helpValue: 'ID', description: 'Go on with this conversation (its id, or the beginning of it).' }),
    model: Flags.string({ char: 'm', helpValue: 'PROVIDER/MODEL', description: 'Use this model instead of LLM_MODEL.' }),
    tools: Flags.boolean({ default: true, allowNo: true, description: 'Let the model use tools.' }),
    'max-cost': Flags.string({ helpValue: 'USD', description: 'Stop a turn before it costs more.' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Chat, promptLast(this.argv));
    const request = chatRequest(args.prompt, flags);
    const { stdin, stdout } = process;
    const output = { out: (text: string) => void stdout.write(text), err: printErr, isTerminal: stdout.isTTY };
    const writeFile = async (file: string, text: string): Promise<void> => void (await writeNewFile(file, text));
    const around = { openApp: () => this.openApp(), storyJson, writeFile, version: this.config.version, cwd: process.cwd() };
    const code = await runChat(request, { ...around, stdin, stdout, output, signal: this.signal, isDumb: isDumbTerminal() });
    process.exitCode ??= code;
  }
}
