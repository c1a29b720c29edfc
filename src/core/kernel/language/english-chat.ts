/** Owns what claw itself says on chat platforms, in English. Its keys are those of every language. */

export const ENGLISH_CHAT = {
  hello: (name: string) => `Hello, I am ${name}. Write to me, or send /help to see what I can do.`,
  help: {
    about: (name: string) =>
      `I am ${name}. I answer questions, read the files and pictures you send, look things up, and use my tools when a task needs them.`,
    inRooms: (name: string) => `In a room, begin with @${name}, mention me, or reply to me.`,
    reset: '/reset – begin a new conversation',
    usage: '/usage – what you used today and this month, and your budgets',
    stop: '/stop – stop what I am doing',
    help: '/help – this text',
    pairCode: '/pair CODE – let someone in who got a pairing code',
    pair: '/pair – a code to be known as another user',
  },
  readOnly: 'You may read here, but not talk to the assistant.',
  newConversation: 'A new conversation begins. What was said before is kept, but I no longer see it.',
  stopped: 'Stopped.',
  notRunning: 'I am not doing anything right now.',
  onlyAdminPairs: 'Permission denied: only an admin may let people in.',
  writeCode: 'Write the code after it: /pair K7QM-3WXD',
  letIn: (person: string, user: string) => `${person} may talk to me now, as ${user}.`,
  codeStillGood: 'You got a code not long ago; it is still good, or wait a while.',
  yourCode: (code: string) => `Your code is ${code}. An admin makes you the user NAME with:`,
  stranger: {
    hello: (name: string) => `Hello, I am ${name}, and I do not know you yet.`,
    tellCode: (code: string) => `Tell this code to the person who runs me: ${code}`,
    goodFor: (minutes: number, code: string) =>
      `It is good for ${minutes} minutes. They let you in with: claw user pair approve ${code}`,
  },
  welcome: 'You are let in: you can write to me now.',
  unknownPerson: 'I do not know you.',
  deadButton: 'This button means nothing any more.',
  allowedOnce: 'Allowed once.',
  denied: 'Denied.',
  didNotWork: (why: string) => `It did not work: ${why}`,
  tooLong: (length: number, most: number) =>
    `The message has ${length} characters; at most ${most} are taken. Send the text as a file instead.`,
  tooMany: 'Too many messages in a short time. Please wait a minute and send it again.',
  couldNotAnswer: (why: string) => `I could not answer: ${why}`,
  internalError: 'an internal error',
  mayI: 'May I do this?',
  lapses: (minutes: number) => `It lapses in ${minutes} minutes.`,
  allowOnce: 'Allow once',
  deny: 'Deny',
  usage: {
    today: 'Today',
    thisMonth: 'This month',
    nothing: 'nothing',
    tokens: (input: string, output: string, usd: string) => `${input} tokens in, ${output} out, $${usd}`,
    unpriced: (unpriced: number, calls: number) => `, and ${unpriced} of ${calls} calls without a known price`,
    zone: (zone: string) => `Days are those of ${zone}.`,
  },
};
