/** Owns the settings of the server: WebSocket, HTTP, dashboard, sign-in and limits. */
import type { SettingTable } from './setting.ts';

/** Shortest token and signing secret that is accepted. */
const MIN_TOKEN_LENGTH = 32;

export const SERVER_SETTINGS = {
  WS_HOST: { kind: 'text', default: '127.0.0.1', sensitive: true, description: 'Address the WebSocket server binds.' },
  WS_PORT: { kind: 'integer', default: 8765, min: 0, max: 65_535, description: 'Port of the WebSocket server.' },
  WS_AUTH_TOKEN: {
    kind: 'text',
    secret: true,
    minLength: MIN_TOKEN_LENGTH,
    sensitive: true,
    description: 'Token of WebSocket clients, 32 characters or more.',
  },
  WS_ALLOWED_ORIGINS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Web origins that may open a WebSocket, besides claw itself.',
  },
  WS_ALLOW_REMOTE: {
    kind: 'boolean',
    default: false,
    sensitive: true,
    description: 'Let the WebSocket server bind an address that is not loopback.',
  },
  WS_RATE_LIMIT: {
    kind: 'integer',
    default: 30,
    min: 1,
    max: 1_000_000,
    description: 'Messages a minute of one WebSocket client.',
  },
  WS_MAX_CONNECTIONS: {
    kind: 'integer',
    default: 100,
    min: 1,
    max: 100_000,
    description: 'Most WebSocket connections at once.',
  },
  WS_MAX_CONNECTIONS_PER_USER: {
    kind: 'integer',
    default: 20,
    min: 1,
    max: 100_000,
    description: 'Most WebSocket connections of one user who is no admin.',
  },
  DASHBOARD_HOST: {
    kind: 'text',
    default: '127.0.0.1',
    sensitive: true,
    description: 'Address the dashboard and the HTTP API bind.',
  },
  DASHBOARD_PORT: {
    kind: 'integer',
    default: 8080,
    min: 0,
    max: 65_535,
    description: 'Port of the dashboard and the HTTP API.',
  },
  DASHBOARD_TOKEN: {
    kind: 'text',
    secret: true,
    sensitive: true,
    description: 'Token that signs a browser in to the dashboard.',
  },
  DASHBOARD_PAIRING: {
    kind: 'boolean',
    default: false,
    sensitive: true,
    description: 'Let an admin approve every browser that signs in for the first time, with the right password too.',
  },
  HEALTH_PORT: { kind: 'integer', default: 8766, min: 0, max: 65_535, description: 'Port of /health and /ready.' },
  CRASH_BACKOFF: {
    kind: 'boolean',
    default: true,
    description:
      'Wait before a start after crashes in a row, and keep the channels off after too many. Off: start at once, whatever happened.',
  },
  AUTH_ENABLED: {
    kind: 'boolean',
    default: false,
    sensitive: true,
    description: 'Ask users to sign in; without it claw is for one person on loopback.',
  },
  JWT_SECRET: {
    kind: 'text',
    secret: true,
    minLength: MIN_TOKEN_LENGTH,
    sensitive: true,
    description: 'Secret that signs access tokens, 32 characters or more.',
  },
  JWT_ACCESS_TTL: {
    kind: 'integer',
    default: 900,
    min: 10,
    max: 86_400,
    description: 'Seconds an access token is good for.',
  },
  JWT_REFRESH_TTL: {
    kind: 'integer',
    default: 604_800,
    min: 60,
    max: 31_536_000,
    description: 'Seconds a refresh token is good for.',
  },
  SESSION_IDLE_TTL: {
    kind: 'integer',
    default: 604_800,
    min: 60,
    max: 31_536_000,
    description: 'Seconds after which the session of a browser that was not used ends.',
  },
  SESSION_TTL: {
    kind: 'integer',
    default: 2_592_000,
    min: 60,
    max: 31_536_000,
    description: 'Seconds after which the session of a browser ends at the latest.',
  },
  API_RATE_LIMIT: {
    kind: 'integer',
    default: 60,
    min: 1,
    max: 1_000_000,
    description: 'Requests of one kind by one caller in API_RATE_WINDOW; the dashboard may read ten times as many.',
  },
  API_RATE_WINDOW: {
    kind: 'integer',
    default: 60,
    min: 1,
    max: 86_400,
    description: 'Seconds over which API_RATE_LIMIT counts.',
  },
  ALLOWED_HOSTS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Names besides localhost by which this machine may be asked for (the Host header), such as claw.lan.',
  },
  LOGIN_RATE_LIMIT: {
    kind: 'integer',
    default: 60,
    min: 1,
    max: 100_000,
    description: 'Requests to sign in a minute of one address; wrong passwords end sooner.',
  },
  CORS_ALLOWED_ORIGINS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Web origins that may call the HTTP API.',
  },
  CORS_MAX_AGE: {
    kind: 'integer',
    default: 3600,
    min: 0,
    max: 86_400,
    description: 'Seconds a browser may remember a CORS answer.',
  },
} as const satisfies SettingTable;
