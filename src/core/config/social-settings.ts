/** Owns the settings of accounts at GitHub Copilot, Threads and Instagram. */
import type { SettingTable } from './setting.ts';

export const SOCIAL_SETTINGS = {
  COPILOT_CLIENT_ID: {
    kind: 'text',
    description: 'Client id of a GitHub app of yours with the device flow enabled, for claw auth login copilot.',
  },
  COPILOT_SCOPE: { kind: 'text', default: 'read:user', description: 'Scope that the log-in at GitHub asks for.' },
  GITHUB_API_ROOT: {
    kind: 'url',
    default: 'https://api.github.com',
    sensitive: true,
    description: 'Address of the GitHub API, which gives out the tokens of Copilot.',
  },
  GITHUB_ROOT: {
    kind: 'url',
    sensitive: true,
    description: 'Address of GitHub, for the log-in; that of GITHUB_API_ROOT without its api. when not set.',
  },
  COPILOT_API_ROOT: {
    kind: 'url',
    sensitive: true,
    description: 'Address of the Copilot API for a signed-in account; what GitHub names when not set.',
  },
  COPILOT_API_HOSTS: {
    kind: 'list',
    default: ['*.githubcopilot.com'],
    sensitive: true,
    description: 'Hosts that GitHub may name as the Copilot API; a token of Copilot is sent to no other.',
  },
  COPILOT_EDITOR_VERSION: {
    kind: 'text',
    default: 'claw/0.1.0',
    description: 'Header editor-version that the Copilot API wants, as NAME/VERSION.',
  },
  COPILOT_INTEGRATION_ID: {
    kind: 'text',
    description: 'Header copilot-integration-id, where the Copilot API wants one.',
  },
  THREADS_ACCESS_TOKEN: {
    kind: 'text',
    secret: true,
    description: 'Access token of Threads, when you have one already; claw renews it where it stands.',
  },
  THREADS_USER_ID: { kind: 'text', description: 'User id on Threads.' },
  THREADS_APP_ID: { kind: 'text', description: 'Id of the Meta app that signs in to Threads.' },
  THREADS_APP_SECRET: { kind: 'text', secret: true, description: 'Secret of that app.' },
  THREADS_API_ROOT: {
    kind: 'url',
    default: 'https://graph.threads.net',
    credential: 'THREADS_ACCESS_TOKEN',
    sensitive: true,
    description: 'Address of the Threads API.',
  },
  THREADS_AUTHORIZE_URL: {
    kind: 'url',
    default: 'https://threads.net/oauth/authorize',
    description: 'Page on which a user allows the app on Threads.',
  },
  THREADS_REDIRECT_URL: {
    kind: 'text',
    default: 'https://localhost/',
    description: 'Where Threads sends the browser afterwards; it must be registered with the app.',
  },
  THREADS_SCOPES: {
    kind: 'list',
    default: ['threads_basic', 'threads_content_publish'],
    description: 'Permissions that the log-in asks Threads for.',
  },
  INSTAGRAM_ACCESS_TOKEN: {
    kind: 'text',
    secret: true,
    description: 'Access token of Instagram, when you have one already; claw renews it where it stands.',
  },
  INSTAGRAM_APP_ID: { kind: 'text', description: 'Id of the Meta app that signs in to Instagram.' },
  INSTAGRAM_APP_SECRET: { kind: 'text', secret: true, description: 'Secret of that app.' },
  INSTAGRAM_API_ROOT: {
    kind: 'url',
    default: 'https://graph.instagram.com',
    credential: 'INSTAGRAM_ACCESS_TOKEN',
    sensitive: true,
    description: 'Address of the Instagram API.',
  },
  INSTAGRAM_CODE_ROOT: {
    kind: 'url',
    sensitive: true,
    description:
      'Where Instagram exchanges the code of a log-in; INSTAGRAM_API_ROOT with api. instead of graph. when not set.',
  },
  INSTAGRAM_AUTHORIZE_URL: {
    kind: 'url',
    default: 'https://www.instagram.com/oauth/authorize',
    description: 'Page on which a user allows the app on Instagram.',
  },
  INSTAGRAM_REDIRECT_URL: {
    kind: 'text',
    default: 'https://localhost/',
    description: 'Where Instagram sends the browser afterwards; it must be registered with the app.',
  },
  INSTAGRAM_SCOPES: {
    kind: 'list',
    default: ['instagram_business_basic', 'instagram_business_content_publish'],
    description: 'Permissions that the log-in asks Instagram for.',
  },
} as const satisfies SettingTable;
