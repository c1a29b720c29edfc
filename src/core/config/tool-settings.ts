/** Owns the settings of tools: which are on, where their files are, what they may run, and the services they use. */
import type { SettingTable } from './setting.ts';

export const TOOL_SETTINGS = {
  DISABLED_TOOLS: { kind: 'list', default: [], description: 'Shipped tools that are switched off, by name.' },
  MARKETPLACE_REGISTRIES: {
    kind: 'list',
    default: ['shipped'],
    sensitive: true,
    description:
      'Where packages of tools come from, the most trusted first: shipped (that of claw itself), a folder, a registry.json, or an https address of either.',
  },
  WORKSPACE: {
    kind: 'path',
    default: 'groups/main',
    sensitive: true,
    description: 'Folder that the file tools work in.',
  },
  APPROVAL_MINUTES: {
    kind: 'number',
    default: 10,
    min: 0.01,
    max: 10_080,
    description: 'Minutes in which a request for approval can be answered, and an approval used.',
  },
  EXEC_LEVEL: {
    kind: 'choice',
    choices: ['deny', 'allowlist', 'ask', 'full'],
    spellings: { 'on-miss': 'ask' },
    default: 'deny',
    sensitive: true,
    description:
      'What run_command may start: nothing, what EXEC_ALLOW lists, that and the rest after a question, or every trusted program.',
  },
  EXEC_ALLOW: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Programs that run_command may start without a question, such as "git status".',
  },
  TRUSTED_ORIGINS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Addresses on this machine or its network that tools may reach, such as http://127.0.0.1:8123.',
  },
  SEARCH_PROVIDER: {
    kind: 'choice',
    choices: ['duckduckgo', 'brave', 'tavily', 'searxng'],
    default: 'duckduckgo',
    description: 'Who answers web_search.',
  },
  SEARCH_BASE_URL: {
    kind: 'url',
    credential: 'SEARCH_API_KEY',
    sensitive: true,
    description: 'Address of the search service; that of the provider when not set. Required for searxng.',
  },
  SEARCH_API_KEY: { kind: 'text', secret: true, description: 'Key of the search service, where it wants one.' },
  WEATHER_BASE_URL: {
    kind: 'url',
    default: 'https://wttr.in',
    sensitive: true,
    description: 'Address of a weather service with the answers of wttr.in.',
  },
  UNSAFE_TESTS: {
    kind: 'boolean',
    default: false,
    sensitive: true,
    description: 'Let "claw tool run --force-activate" skip everything but the wall. For tests of the wall only.',
  },
} as const satisfies SettingTable;
