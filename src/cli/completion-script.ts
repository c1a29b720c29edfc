/** Owns the completion scripts, made from the manifest: each asks nothing of claw at run time, so that a Tab costs no process. */
import type { Interfaces } from '@oclif/core';
import { topicNames } from './help.ts';
import { TOPICS } from './topics.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** One place on the command line and what may follow there. */
interface Place {
  /** Words so far, joined with a space; empty at the start. */
  readonly path: string;
  readonly next: readonly { readonly word: string; readonly summary: string }[];
}

/** The script for `shell`, one of SHELLS. */
export function completionScript(shell: string, config: Interfaces.Config): string {
  const places = placesOf(config);
  if (shell === 'fish') return fishScript(places);
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bashScript(places)}` : bashScript(places);
}

function placesOf(config: Interfaces.Config): readonly Place[] {
  const commands = config.commands.filter((command) => !command.hidden);
  const byName = new Map(commands.map((command) => [command.id.replaceAll(':', ' '), command]));
  const topics = topicNames(byName.keys());
  const paths = ['', ...new Set([...topics, ...byName.keys()])].toSorted();
  return paths.map((path) => {
    const start = path === '' ? '' : `${path} `;
    const below = paths.filter(
      (each) => each !== '' && each.startsWith(start) && !each.slice(start.length).includes(' '),
    );
    const words = below.map((each) => ({
      word: each.slice(start.length),
      summary: byName.get(each)?.summary ?? TOPICS[each] ?? '',
    }));
    const flags = Object.entries(byName.get(path)?.flags ?? {})
      .filter(([, flag]) => flag.hidden !== true)
      .map(([name, flag]) => ({ word: `--${name}`, summary: flag.summary ?? flag.description ?? '' }));
    return { path, next: [...words, ...flags, { word: '--help', summary: 'Show usage and examples.' }] };
  });
}

function bashScript(places: readonly Place[]): string {
  const cases = places.map(({ path, next }) => `    '${path}') words='${next.map(({ word }) => word).join(' ')}' ;;`);
  return `_claw() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break ;; esac
    case " $(_claw_words "$path") " in *" $word "*) path="\${path:+$path }$word" ;; *) break ;; esac
  done
  words="$(_claw_words "$path")"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
_claw_words() {
  local words=''
  case "$1" in
${cases.join('\n')}
  esac
  printf '%s' "$words"
}
complete -o default -F _claw claw
`;
}

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, next }) => {
    const condition = path === '' ? '__fish_use_subcommand' : `__claw_at '${path}'`;
    return next.map(({ word, summary }) => {
      const what = word.startsWith('--') ? `-l '${word.slice(2)}'` : `-f -a '${word}'`;
      return `complete -c claw -n "${condition}" ${what} -d '${summary.replaceAll("'", String.raw`\'`)}'`;
    });
  });
  return `function __claw_at
  set -l words (commandline -opc)[2..-1]
  set -l path
  for word in $words
    string match -q -- '-*' $word; and break
    set -a path $word
  end
  test "$path" = "$argv[1]"; or string match -q -- "$argv[1] *" "$path"
end
${lines.join('\n')}
`;
}
