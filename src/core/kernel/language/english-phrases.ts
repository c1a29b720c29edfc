/** Owns the sentences of core in English: what errors and notices say. Its keys are those of every language. */
import { ENGLISH_ERRORS } from './english-errors.ts';

export const ENGLISH_PHRASES = {
  ...ENGLISH_ERRORS,

  // Which model answers
  offline: (why: string) => `Offline mode. ${why}`,
  noProvider: 'No model provider is set up. Add one with: claw secret set ANTHROPIC_API_KEY',
  providerChosen: (ref: string) =>
    `Using ${ref}, the provider that is set up. Choose another with: claw model set PROVIDER/MODEL`,
  chosenModelUnusable: (scope: string, models: string, why: string) =>
    `The model chosen for this ${scope} (${models}) cannot be used: ${why}`,
  runThis: (message: string, command: string) => `${message} Run: ${command}`,
  retrying: (why: string, seconds: number, made: number, most: number) =>
    `${why} Trying again in ${seconds} s (${made} of ${most}).`,
  goingOnWith: (why: string, ref: string) => `${why} Going on with ${ref}.`,
  leftAlone: (provider: string) => `${provider} is left alone for a while after that.`,

  // The turn
  steered: 'Your message joined the running turn.',
  waitsForTurnBefore: 'Another turn of this conversation is running; yours is next.',
  compacted: (upTo: number, id: string) =>
    `The conversation is long: messages 1 to ${upTo} are now given to the model in short. They stay stored and searchable; undo with \`claw conversation compact ${id} --undo\`.`,
  unprovenClaim: (claim: string) =>
    `The answer says "${claim}", but no tool did anything in this turn: nothing was changed.`,
  answerCut: (tokens: number) => `The answer was cut at ${tokens} tokens (MAX_TOKENS). Ask to go on, or raise it.`,
  stoppedByRounds: (rounds: number) => `Stopped after ${rounds} rounds of tool calls (MAX_TOOL_ROUNDS).`,
  stoppedByTokens: (tokens: number) => `Stopped: the turn used its ${tokens} tokens (MAX_TURN_TOKENS).`,
  stoppedByCost: (usd: string) => `Stopped: the turn may cost no more than $${usd}.`,
  stoppedByTime: (seconds: number) => `Stopped: the turn took its ${seconds} seconds (MAX_TURN_SECONDS).`,
  stoppedBySameCalls: (times: number) => `Stopped: the same tool call was made ${times} times in a row.`,
  stoppedByFailures: (times: number) => `Stopped: ${times} tool calls in a row failed.`,
  declined: 'The model declined to answer.',
  interrupted: 'Interrupted. What was said so far is kept.',

  // Money
  budgetLeaves: (tokens: number) => `The budget leaves this answer ${tokens} tokens.`,
  budgetMostlyUsed: (percent: number, used: string) => `${percent} % of a budget is used: ${used}.`,
  usedOf: (used: string, amount: string, unit: string) => `${used} of ${amount}${unit === 'money' ? '' : ` ${unit}`}`,
  homeBudget: (period: string) => `the ${period === 'day' ? 'daily' : 'monthly'} budget of this home`,
  budgetOf: (period: string, scope: string, name: string) =>
    `the ${period === 'day' ? 'daily' : 'monthly'} budget of the ${scope} ${name}`,
  homeCalls: 'the daily limit of model calls of this home (MAX_DAILY_CALLS)',
  userCalls: (name: string) => `the daily limit of model calls of ${name} (PER_USER_DAILY_CALLS)`,
  budgetLine: (name: string, used: string) => `${capital(name)}: ${used}.`,
  budgetUsedUp: (name: string, used: string, isHeld: number, renews: string) =>
    `${capital(name)} does not allow another model call: ${used} used${isHeld === 1 ? ', and calls that run hold the rest' : ''}. It renews at ${renews}.`,
  waitOrRaiseBudget: 'Wait until then, or ask an admin to raise it: claw budget set --help',
  runBudgetUsedUp: (used: string) =>
    `The budget of one run of the task does not allow another model call: ${used} used.`,
  raiseRunBudget: 'Raise it: claw task update ID --budget USD',
  billedForNothing: 'A try was billed and gave no answer, and the turn may not cost another one.',

  // Accounts
  accountRefuses: (title: string, why: string) => `${title} refuses the log-in. ${why}`,
  accountLimited: (title: string, until: string) => `${title} takes no more calls until ${until}.`,
  accountBack: (title: string) => `${title} is used again.`,
  keyStandsInWhileLimited: (title: string, until: string, key: string) =>
    `${title} takes no more calls until ${until}; ${key}, which costs money, stands in. See: claw auth status`,
  keyStandsIn: (title: string, key: string) =>
    `${title} cannot be used now; ${key}, which costs money, stands in. See: claw auth status`,
  accountNeedsLogIn: (title: string, why: string, name: string) =>
    `${title} needs a new log-in. ${why} On the machine of the assistant run: claw auth login ${name}`,
  accountNotRenewed: (title: string, times: number, why: string) =>
    `The log-in to ${title} could not be renewed ${times} times in a row. ${why} It is tried again by itself; see: claw auth status`,

  // Tasks
  taskNews: (name: string, news: string) => `Task ${name}: ${news}`,
  taskDisabled: (reason: string) => `It is disabled: ${reason}.`,
  taskFailed: (reason: string, goesOn: number) => `It failed: ${reason}.${goesOn === 1 ? ' It goes on.' : ''}`,
  runsMissed: (count: number, since: string, reason: string) =>
    `${count === 1 ? 'A run was' : `${count} runs were`} missed, due ${since}: ${reason}.`,
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
