/** Owns the settings of agents in containers and of the machine: language, zone, logs, backups, keys. */
import type { SettingTable } from './setting.ts';

export const AGENT_SETTINGS = {
  AGENT_RUNNER_MODE: {
    kind: 'choice',
    choices: ['embedded', 'container', 'command', 'echo'],
    default: 'embedded',
    sensitive: true,
    description: 'What runs the turns of a room.',
  },
  MAX_CONCURRENT_CONTAINERS: {
    kind: 'integer',
    default: 5,
    min: 1,
    max: 1000,
    description: 'Most agent containers at once.',
  },
  CONTAINER_IMAGE: {
    kind: 'text',
    default: 'claw-agent:latest',
    sensitive: true,
    description: 'Image of agent containers.',
  },
  CONTAINER_TIMEOUT: {
    kind: 'integer',
    default: 1_800_000,
    min: 1000,
    max: 86_400_000,
    description: 'Milliseconds after which an agent container is ended.',
  },
  IDLE_TIMEOUT: {
    kind: 'integer',
    default: 1_800_000,
    min: 1000,
    max: 86_400_000,
    description: 'Milliseconds without work after which an agent container is stopped.',
  },
  MOUNT_ALLOWLIST_PATH: {
    kind: 'path',
    default: '~/.config/claw/mount-allowlist.json',
    sensitive: true,
    description: 'File that lists the folders agent containers may mount.',
  },
} as const satisfies SettingTable;

export const TASK_SETTINGS = {
  TASKS_PER_USER: {
    kind: 'integer',
    default: 50,
    min: 1,
    max: 10_000,
    description: 'Most scheduled tasks of one user.',
  },
  TASKS_AT_ONCE: {
    kind: 'integer',
    default: 4,
    min: 1,
    max: 100,
    description: 'Most scheduled tasks that run at once.',
  },
} as const satisfies SettingTable;

export const SYSTEM_SETTINGS = {
  CLAW_LANG: {
    kind: 'choice',
    choices: ['en', 'ko'],
    spellings: { english: 'en', korean: 'ko', en_us: 'en', 'en-us': 'en', ko_kr: 'ko', 'ko-kr': 'ko' },
    lenient: true,
    description:
      'Language of the interface, and of what claw itself says on chat platforms; that of the environment (LC_ALL, LC_MESSAGES, LANG) when not set.',
  },
  TIMEZONE: {
    kind: 'zone',
    aliases: ['TZ'],
    description: 'Time zone, such as Asia/Seoul; that of the machine when not set.',
  },
  LOG_LEVEL: {
    kind: 'choice',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    spellings: { warning: 'warn', critical: 'fatal' },
    default: 'info',
    description: 'Least level that is logged.',
  },
  LOG_FORMAT: { kind: 'choice', choices: ['text', 'json'], default: 'text', description: 'Form of log lines.' },
  LOG_MAX_BYTES: {
    kind: 'integer',
    default: 10_485_760,
    min: 0,
    max: 1_073_741_824,
    description: 'Bytes from which a log file is moved aside; five are kept beside the current one. 0: never.',
  },
  LOG_KEEP_DAYS: {
    kind: 'integer',
    default: 14,
    min: 0,
    max: 3650,
    description: 'Days that lines of the log are kept; 0: for ever.',
  },
  AUDIT_KEEP_DAYS: {
    kind: 'integer',
    default: 365,
    min: 0,
    max: 36_500,
    description: 'Days that rows of the audit trail are kept; 0: for ever.',
  },
  CONVERSATION_KEEP_DAYS: {
    kind: 'integer',
    default: 90,
    min: 0,
    max: 36_500,
    description: 'Days after its last message that a conversation is kept; 0: for ever. One tagged keep stays.',
  },
  CONVERSATION_KEEP_COUNT: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000,
    description: 'Conversations of each user that are kept, the last used; 0: all. Those tagged keep are not counted.',
  },
  DELIVERY_KEEP_DAYS: {
    kind: 'integer',
    default: 30,
    min: 0,
    max: 36_500,
    description:
      'Days that messages which came in and went out, calls of webhooks, runs of tasks and files in the spool are kept; 0: for ever.',
  },
  TASK_RUNS_KEEP: {
    kind: 'integer',
    default: 100,
    min: 1,
    max: 1_000_000,
    description: 'Runs of each task that are kept, however old.',
  },
  RECORD_KEEP_DAYS: {
    kind: 'integer',
    default: 90,
    min: 0,
    max: 36_500,
    description:
      'Days that messages which could not be delivered, and finished approvals, pairings and sessions, are kept; 0: for ever.',
  },
  BACKUP_DIR: { kind: 'path', default: 'backups', description: 'Folder that backups are written to.' },
  BACKUP_EVERY_HOURS: {
    kind: 'integer',
    default: 24,
    min: 0,
    max: 8_760,
    description: 'Hours between the backups that a running server makes; 0: none.',
  },
  BACKUP_KEEP: {
    kind: 'integer',
    default: 7,
    min: 1,
    max: 10_000,
    description: 'Backups that stay in BACKUP_DIR after a scheduled one, and after `claw backup prune`.',
  },
  BACKUP_PASSPHRASE: {
    kind: 'text',
    secret: true,
    minLength: 12,
    description: 'Pass-phrase that backups are encrypted with, 12 characters or more; without it they are not.',
  },
  BACKUP_SECRETS: {
    kind: 'boolean',
    default: false,
    sensitive: true,
    description: 'Encrypted backups hold the secrets of the home too.',
  },
  BACKUP_COMMAND: {
    kind: 'text',
    sensitive: true,
    startsProgram: true,
    description:
      'Program and arguments run after each backup with its file as the last argument, such as "rclone copyto --quiet"; no shell, the program by its name alone.',
  },
  SECRET_STORE: {
    kind: 'choice',
    choices: ['auto', 'keychain', 'file'],
    default: 'auto',
    sensitive: true,
    description: 'Where secrets are kept: the keychain of the system, an encrypted file, or whichever works.',
  },
  CLAW_MASTER_KEY: {
    kind: 'text',
    secret: true,
    minLength: 12,
    sensitive: true,
    description: 'Pass-phrase that seals the encrypted file of secrets, 12 characters or more.',
  },
} as const satisfies SettingTable;
