/** Owns --home as it stands on the command line, for those who need it before flags are parsed. */

/** The value of --home in `argv`; undefined when it is not given. */
export function homeFlag(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === '--home' || word.startsWith('--home='));
  const word = argv[at];
  if (word === undefined) return undefined;
  return word === '--home' ? argv[at + 1] : word.slice('--home='.length);
}
