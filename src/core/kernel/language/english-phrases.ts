/** Owns the sentences of core in English: what errors and notices say. Its keys are those of every language. */

export const ENGLISH_PHRASES = {
  offline: (why: string) => `Offline mode. ${why}`,
  noProvider: 'No model provider is set up. Add one with: claw secret set ANTHROPIC_API_KEY',

  // The chat on a screen
  noSlashCommand: (name: string) => `There is no command /${name}.`,
  seeHelp: 'See /help.',
  didYouMean: (near: string) => `Did you mean ${near}?`,
  nothingSaid: 'Nothing was said in this conversation yet.',
  resumeEarlier: 'Go on with an earlier one: /resume',
  waitsForTurn: (command: string) => `${command} waits for the end of the turn.`,
  pressEsc: 'Press Esc to stop it.',
  noQuestion: 'There is no question.',
  askQuestion: 'claw chat -p "your question", or pipe one in.',
};
