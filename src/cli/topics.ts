/** Owns the topics (folders of src/commands): their names, and the one-line summary of each for help and docs. */

export const TOPICS: Readonly<Record<string, string>> = {
  access: 'Roles and rights.',
  approval: 'Acts that wait for your yes or no.',
  audit: 'The record of every security-relevant act.',
  auth: 'Sign in to subscriptions and platforms.',
  backup: 'Back up, verify and restore a home.',
  budget: 'Limits of money, tokens and calls.',
  channel: 'Chat platforms and their state.',
  config: 'Read and change settings.',
  conversation: 'Stored conversations.',
  'conversation tag': 'Tags of conversations.',
  device: 'Browsers that may use the dashboard.',
  group: 'Rooms of chat platforms.',
  import: 'Move in from another assistant.',
  knowledge: 'Documents that answers may cite.',
  mcp: 'Servers of the Model Context Protocol.',
  memory: 'What the assistant remembers.',
  model: 'Providers, models and which one is used.',
  secret: 'API keys and passwords.',
  security: 'Judge and harden this installation, and ask its walls.',
  service: 'Run claw as a system service.',
  skill: 'Instructions the assistant loads when needed.',
  task: 'Scheduled work.',
  tool: 'Tools: shipped, installed and self-written.',
  'tool key': 'Keys to sign packages with.',
  user: 'People, their roles and keys.',
  'user key': 'API keys of a user.',
  'user pair': 'Pairing codes of chat accounts.',
  webhook: 'Signed calls to other systems.',
};

/** Names of every topic of `commandNames`: each proper prefix of a command's words. */
export function topicNames(commandNames: Iterable<string>): ReadonlySet<string> {
  const topics = new Set<string>();
  for (const name of commandNames) {
    const words = name.split(' ');
    for (let count = 1; count < words.length; count++) topics.add(words.slice(0, count).join(' '));
  }
  return topics;
}
