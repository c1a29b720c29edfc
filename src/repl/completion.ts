/** Owns what Tab offers: slash commands at the start of the input, files after `@`. */
import { ENGLISH, type Catalogue } from '../core/kernel/language/catalogue.ts';
import type { AttachmentFiles } from './attachments.ts';
import type { Editor } from './input-editor.ts';
import { replaceBefore } from './input-editor.ts';
import type { Completion } from './repl-state.ts';

/** More options than this are not worth scrolling through. */
const MAX_OPTIONS = 50;

interface CommandName {
  readonly name: string;
  readonly summary: string;
}

/** Options for the word before the cursor; undefined when there are none. */
export async function completeAt(
  editor: Editor,
  commands: readonly CommandName[],
  files: AttachmentFiles,
  { repl }: Catalogue = ENGLISH,
): Promise<Completion | undefined> {
  const before = editor.text.slice(0, editor.cursor);
  const command = /^\/(\S*)$/.exec(before);
  const options =
    command === null ? await fileOptions(before, files, repl.folder) : commandOptions(command[1] ?? '', commands);
  if (options === undefined || options.options.length === 0) return undefined;
  return { ...options, chosen: 0 };
}

/** `editor` with the chosen option in place. */
export function applyCompletion(editor: Editor, completion: Completion): Editor {
  const option = completion.options[completion.chosen];
  return option === undefined ? editor : replaceBefore(editor, completion.from, option.text);
}

type Options = Pick<Completion, 'from' | 'options'>;

function commandOptions(prefix: string, commands: readonly CommandName[]): Options {
  const matching = commands.filter(({ name }) => name.startsWith(prefix.toLowerCase()));
  return { from: 0, options: matching.map(({ name, summary }) => ({ text: `/${name}`, hint: summary })) };
}

async function fileOptions(before: string, files: AttachmentFiles, folderName: string): Promise<Options | undefined> {
  const mention = /(?:^|\s)@(?:"([^"\n]*)|([^\s"]*))$/.exec(before);
  if (mention === null) return undefined;
  const typed = mention[1] ?? mention[2] ?? '';
  const split = typed.lastIndexOf('/') + 1;
  const folder = typed.slice(0, split);
  const prefix = typed.slice(split).toLowerCase();
  const entries = await files.list(folder);
  const matching = entries.filter(
    ({ name }) => name.toLowerCase().startsWith(prefix) && (prefix.startsWith('.') || !name.startsWith('.')),
  );
  const options = matching.slice(0, MAX_OPTIONS).map(({ name, isFolder }) => {
    const path = folder + name;
    const isQuoted = /\s/.test(path);
    const text = isQuoted ? `@"${path}${isFolder ? '/' : '"'}` : `@${path}${isFolder ? '/' : ''}`;
    return { text: isFolder ? text : `${text} `, hint: isFolder ? folderName : '' };
  });
  return { from: before.length - typed.length - (mention[1] === undefined ? 1 : 2), options };
}
