/** Owns what claw itself says on chat platforms, in English. Its keys are those of every language. */

export const ENGLISH_CHAT = {
  hello: (name: string) => `Hello, I am ${name}. Write to me, or send /help to see what I can do.`,
  readOnly: 'You may read here, but not talk to the assistant.',
};
