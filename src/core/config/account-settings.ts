/** Owns the settings of accounts of other services: where people log in, and what a key that stands in may cost. */
import type { SettingTable } from './setting.ts';

export const ACCOUNT_SETTINGS = {
  CLAUDE_OAUTH_CLIENT_ID: {
    kind: 'text',
    default: '9d1c250a-e61b-44d9-88ed-5944d1962f5e',
    sensitive: true,
    description: 'Client id with which claw logs in to a Claude subscription.',
  },
  CLAUDE_OAUTH_TOKEN_URL: {
    kind: 'url',
    default: 'https://platform.claude.com/v1/oauth/token',
    credential: 'ACCOUNT_CLAUDE',
    sensitive: true,
    description: 'Address where codes and refresh tokens of a Claude subscription are exchanged.',
  },
  CLAUDE_OAUTH_AUTHORIZE_URL: {
    kind: 'url',
    default: 'https://claude.ai/oauth/authorize',
    credential: 'ACCOUNT_CLAUDE',
    sensitive: true,
    description: 'Page on which people allow claw to use their Claude subscription.',
  },
  CLAUDE_OAUTH_REDIRECT_URL: {
    kind: 'url',
    default: 'https://platform.claude.com/oauth/code/callback',
    credential: 'ACCOUNT_CLAUDE',
    sensitive: true,
    description: 'Page that shows the code after a yes.',
  },
  CLAUDE_OAUTH_SCOPES: {
    kind: 'list',
    default: ['org:create_api_key', 'user:profile', 'user:inference', 'user:sessions:claude_code', 'user:mcp_servers'],
    sensitive: true,
    description: 'What claw asks to be allowed when it logs in to a Claude subscription.',
  },
  CLAUDE_CREDENTIALS_FILE: {
    kind: 'path',
    default: '~/.claude/.credentials.json',
    sensitive: true,
    description: 'File of the Claude CLI; claw reads or writes it only when a log-in names it.',
  },
  FALLBACK_KEY_DAILY_USD: {
    kind: 'number',
    default: 5,
    min: 0,
    max: 100_000,
    sensitive: true,
    description:
      'Most US dollars a day that an API key may cost while it stands in for a subscription; 0 is no limit of its own. The day begins at midnight in TIMEZONE.',
  },
} as const satisfies SettingTable;
