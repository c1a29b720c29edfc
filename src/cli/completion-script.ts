/** Owns the completion scripts, made from the manifest: a script asks nothing of claw at run time, so that a Tab costs no process. */
import type { Command, Interfaces } from '@oclif/core';
import { topicNames } from './topics.ts';
import { TOPICS } from './topics.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** zsh reads the bash script by its own emulation. */
const ZSH_START = `(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
autoload -Uz +X bashcompinit && bashcompinit
`;

interface Flag {
  readonly name: string;
  readonly summary: string;
  /** True for a flag that stands alone. */
  readonly isSwitch: boolean;
  readonly values: readonly string[];
}

/** One place on the command line and what may follow there. */
interface Place {
  /** Words so far, joined with a space; empty at the start. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly summary: string }[];
  readonly flags: readonly Flag[];
}

/** The script for `shell`, one of SHELLS. */
export function completionScript(shell: string, config: Interfaces.Config): string {
  const places = placesOf(config.commands.filter((command) => !command.hidden));
  if (shell === 'fish') return fishScript(places);
  return shell === 'zsh' ? ZSH_START + bashScript(places) : bashScript(places);
}

function placesOf(commands: readonly Command.Loadable[]): readonly Place[] {
  const byName = new Map(commands.map((command) => [command.id.replaceAll(':', ' '), command]));
  const paths = ['', ...new Set([...topicNames(byName.keys()), ...byName.keys()])].toSorted();
  return paths.map((path) => {
    const command = byName.get(path);
    const start = path === '' ? '' : `${path} `;
    const below = paths.filter((each) => each !== '' && each.startsWith(start));
    const children = below
      .map((name) => ({ word: name.slice(start.length), summary: byName.get(name)?.summary ?? TOPICS[name] ?? '' }))
      .filter(({ word }) => !word.includes(' '));
    const firstArgument = Object.values(command?.args ?? {})[0]?.options ?? [];
    return {
      path,
      words: [...children, ...firstArgument.map((word) => ({ word, summary: '' }))],
      flags: [...flagsOf(command), { name: 'help', summary: 'Show usage and examples.', isSwitch: true, values: [] }],
    };
  });
}

function flagsOf(command: Command.Loadable | undefined): readonly Flag[] {
  return Object.entries(command?.flags ?? {})
    .filter(([, flag]) => flag.hidden !== true)
    .map(([name, flag]) => ({
      name,
      summary: flag.summary ?? flag.description ?? '',
      isSwitch: flag.type === 'boolean',
      values: flag.type === 'option' ? (flag.options ?? []) : [],
    }));
}

function bashScript(places: readonly Place[]): string {
  const cases = places.flatMap(({ path, words, flags }) => [
    bashCase(path, [...words.map(({ word }) => word), ...flags.map(({ name }) => `--${name}`)]),
    ...flags.filter(({ values }) => values.length > 0).map(({ name, values }) => bashCase(`${path} --${name}`, values)),
  ]);
  return `_claw() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' words='' word
  if [[ "$current" == '=' ]]; then current=''; elif [[ "$previous" == '=' ]]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
    [[ "$word" == -* ]] && break
    [[ " $(_claw_words "$path") " == *" $word "* ]] || break
    [[ -n "$(_claw_words "\${path:+$path }$word")" ]] || break
    path="\${path:+$path }$word"
  done
  [[ "$previous" == --* ]] && words="$(_claw_words "$path $previous")"
  [[ -n "$words" ]] || words="$(_claw_words "$path")"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
_claw_words() {
  case "$1" in
${cases.join('\n')}
  esac
}
complete -o default -F _claw claw
`;
}

function bashCase(key: string, words: readonly string[]): string {
  return `    '${key}') printf '%s' '${words.join(' ')}' ;;`;
}

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words, flags }) => [
    ...words.map(({ word, summary }) => fishLine(`__claw_at '${path}'`, `-f -a ${fishQuote(word)}`, summary)),
    ...flags.map(({ name, summary, isSwitch, values }) => {
      const value = values.length > 0 ? ` -x -a ${fishQuote(values.join(' '))}` : ' -r';
      const condition = words.length === 0 || path === '' ? `__claw_under '${path}'` : `__claw_at '${path}'`;
      return fishLine(condition, `-l ${name}${isSwitch ? '' : value}`, summary);
    }),
  ]);
  return `function __claw_path
  set -l path
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; and break
    set -a path $word
  end
  echo "$path"
end
function __claw_at
  test (__claw_path) = "$argv[1]"
end
function __claw_under
  __claw_at $argv[1]; or string match -q -- "$argv[1] *" (__claw_path)
end
${lines.join('\n')}
`;
}

function fishLine(condition: string, what: string, summary: string): string {
  return `complete -c claw -n "${condition}" ${what} -d ${fishQuote(summary)}`;
}

function fishQuote(text: string): string {
  return `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
}
