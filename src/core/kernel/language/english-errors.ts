/** Owns the sentences of errors and their hints in English, those that people meet most. Its keys are those of every language. */

export const ENGLISH_ERRORS = {
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
