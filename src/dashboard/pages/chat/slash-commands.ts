/** Owns the commands that can be typed instead of a message, as in the terminal's chat. Pure: what each does is handed in. */

export const COMMANDS = ['new', 'model', 'branch', 'undo', 'compact', 'export', 'cost', 'stop', 'help'] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Typed {
  readonly name: CommandName;
  readonly argument: string;
}

/** The commands whose name begins as what is typed; none for a text that is no command. */
export function matchingCommands(text: string): readonly CommandName[] {
  const typed = /^\/(\w*)$/.exec(text)?.[1];
  return typed === undefined ? [] : COMMANDS.filter((name) => name.startsWith(typed.toLowerCase()));
}

/** The command that a whole text is; undefined for a message. `//` begins a message with a slash. */
export function readCommand(text: string): Typed | undefined {
  const [, word = '', argument = ''] = /^\/(\w+)(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? [];
  const name = COMMANDS.find((each) => each === word.toLowerCase());
  return name === undefined ? undefined : { name, argument: argument.trim() };
}
