/** Owns the language of a command line before anything is opened: what help and misspelt commands are told in. */
import { chooseLanguage, type Language, languageOf } from '../kernel/language/choose-language.ts';
import { homePaths } from '../kernel/paths.ts';
import { type Environment, findHome } from './home.ts';
import { readLanguage } from './load-settings.ts';

/** The language for the home that `flag` (--home) and the environment name. Never throws, and creates nothing. */
export function interfaceLanguage(
  flag: string | undefined,
  environment: Environment = process.env,
  cwd: string = process.cwd(),
): Language {
  try {
    const { home, config, env } = homePaths(findHome(flag, environment));
    return readLanguage({ home, config, env, cwd, environment, overrides: {} });
  } catch {
    // What is wrong with the home is told when it is opened.
    return chooseLanguage(languageOf(environment['CLAW_LANG'] ?? ''), environment);
  }
}
