/** Owns the flags that say what a task does and how. */
import { Flags } from '@oclif/core';
import type { TaskInput } from '../core/tasks/create-task.ts';

export const taskFlags = {
  prompt: Flags.string({ description: 'What the assistant is asked.' }),
  misfire: Flags.option({ options: ['skip', 'once', 'all'] as const })({
    description:
      'What becomes of instants that nobody ran in time: none, the last, or all of them run (default: once).',
  }),
  'max-lateness': Flags.string({ description: 'Later than this, such as 90m, it is missed and told.' }),
  context: Flags.option({ options: ['group', 'isolated'] as const })({
    description: "Goes on in the room's or the task's conversation, or begins a new one each time (default: group).",
  }),
  budget: Flags.string({ description: 'Most US dollars that one run may cost.', helpValue: 'USD' }),
};

interface Given {
  readonly prompt?: string | undefined;
  readonly misfire?: 'skip' | 'once' | 'all' | undefined;
  readonly 'max-lateness'?: string | undefined;
  readonly context?: 'group' | 'isolated' | undefined;
  readonly budget?: string | undefined;
}

/** Those of the flags that were given. */
export function readTaskFlags(
  flags: Given,
): Pick<TaskInput, 'prompt' | 'misfire' | 'maxLateness' | 'context' | 'budgetUsd'> {
  const { prompt, misfire, 'max-lateness': maxLateness, context, budget } = flags;
  return {
    ...(prompt === undefined ? {} : { prompt }),
    ...(misfire === undefined ? {} : { misfire }),
    ...(maxLateness === undefined ? {} : { maxLateness }),
    ...(context === undefined ? {} : { context }),
    ...(budget === undefined ? {} : { budgetUsd: Number(budget) }),
  };
}

/** Those that were given; an empty text is one. */
export function given<T extends Record<string, string | undefined>>(
  values: T,
): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
