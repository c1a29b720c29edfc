/** Owns how a command is written so that a shell runs it as it stands. Pure. */

/** One word for a POSIX shell: as it is when plain, else in single quotes. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./~-]+$/.test(text) && !text.startsWith('~') ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command of words, each as one word of a shell. */
export function commandText(...words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** The command again for the home that was named by --home. */
export function forHome(command: string, home: string | undefined): string {
  const isOurs = command === 'claw' || command.startsWith('claw ');
  return isOurs && home !== undefined ? `${command} --home ${shellWord(home)}` : command;
}

const INSTALLERS: readonly (readonly [program: string, words: string])[] = [
  ['apt-get', 'sudo apt-get install'],
  ['dnf', 'sudo dnf install'],
  ['pacman', 'sudo pacman -S'],
  ['zypper', 'sudo zypper install'],
  ['apk', 'sudo apk add'],
  ['brew', 'brew install'],
];

/** Installs a package of the system with whichever of the programs there are. */
export function installText(programs: readonly string[], packages: string): string {
  const [, words = 'sudo apt-get install'] = INSTALLERS.find(([program]) => programs.includes(program)) ?? [];
  return `${words} ${packages}`;
}

/** Programs that install packages, for whoever looks which of them there are. */
export const INSTALL_PROGRAMS: readonly string[] = INSTALLERS.map(([program]) => program);

/** Takes line `line` of a text file out of force, as a comment; `place` is `file:line`. */
export function commentOut(place: string, platform: NodeJS.Platform): string {
  const at = place.lastIndexOf(':');
  const [file, line] = [place.slice(0, at), place.slice(at + 1)];
  return `sed -i ${platform === 'darwin' ? "'' " : ''}'${line}s/^/# /' ${shellWord(file)}`;
}
