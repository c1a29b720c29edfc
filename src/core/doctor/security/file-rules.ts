/** Owns the rules on the files of the home: who reads and writes them, on what they lie, and as whom claw runs. */
import { commandText } from '../command-text.ts';
import type { Hit, Rule } from './finding.ts';

export interface FileFacts {
  readonly home: string;
  /** Files and folders that hold secrets or what was said, and others may read. */
  readonly readable: readonly string[];
  readonly readableLogs: readonly string[];
  /** Files and folders anywhere in the home that others may write. */
  readonly writable: readonly string[];
  /** False when there were too many to look at all. */
  readonly isWhole: boolean;
  /** Type of the file system, as the system calls it; empty where it does not tell. */
  readonly fileSystem: string;
  /** Real path of the home. */
  readonly realHome: string;
  /** Numeric ids of this user and of the owner of the home; undefined where there are none. */
  readonly uid: number | undefined;
  readonly owner: number | undefined;
}

const NETWORK = /^(?:nfs4?|cifs|smb3?|smbfs|9p|afs|ceph|glusterfs|fuse\.(?:sshfs|rclone|s3fs|gvfsd-fuse|glusterfs))$/;
const SYNCED =
  /\/(?:dropbox|onedrive[^/]*|google ?drive|my drive|icloud ?drive|com~apple~clouddocs|nextcloud|owncloud|pcloud ?drive|mega(?:sync)?|syncthing)(?:\/|$)/i;

/** So many are named. */
const SHOWN = 5;

function modeHit(paths: readonly string[], remove: number, words: string): Hit | undefined {
  const [first] = paths;
  if (first === undefined) return undefined;
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
  return {
    evidence: `${paths.slice(0, SHOWN).join(', ')}${more}`,
    fix: commandText('chmod', words, ...paths.slice(0, SHOWN)),
    remedies: paths.map((path) => ({ kind: 'mode' as const, path, remove })),
  };
}

export const FILE_RULES: readonly Rule<FileFacts>[] = [
  {
    id: 'file.readable',
    severity: 'high',
    title: 'Others on this machine can read what claw keeps',
    detail: "Conversations, memories and keys are everybody's who has an account here.",
    judge: ({ readable }) => modeHit(readable, 0o077, 'go-rwx'),
  },
  {
    id: 'file.writable',
    severity: 'high',
    title: 'Others on this machine can change files of the home',
    detail: 'Who writes into the folder of tools or of instructions decides what claw does.',
    judge: ({ writable }) => modeHit(writable, 0o022, 'go-w'),
  },
  {
    id: 'file.not-all-seen',
    severity: 'info',
    title: 'The home has more files than were looked at',
    detail: 'Files that others may write are looked for up to a limit.',
    judge: ({ isWhole, home }) =>
      isWhole ? undefined : { evidence: home, fix: `find ${commandText(home)} -perm /022 -not -type l` },
  },
  {
    id: 'file.logs',
    severity: 'medium',
    title: 'Others on this machine can read the log',
    detail: 'It tells who spoke when, and what failed.',
    judge: ({ readableLogs }) => modeHit(readableLogs, 0o077, 'go-rwx'),
  },
  {
    id: 'home.network',
    severity: 'medium',
    title: 'The home lies on a file system of the network',
    detail: 'Locks of SQLite do not hold there, and the server of the files reads everything.',
    judge: ({ fileSystem, home }) =>
      NETWORK.test(fileSystem) ? { evidence: `${home} lies on ${fileSystem}`, fix: null } : undefined,
  },
  {
    id: 'home.synced',
    severity: 'medium',
    title: 'The home lies in a folder that is synchronised',
    detail:
      'Its keys and conversations are copied to somebody else, and the database is torn by copies while it is written.',
    judge: ({ realHome }) => (SYNCED.test(realHome) ? { evidence: realHome, fix: null } : undefined),
  },
  {
    id: 'home.temporary',
    severity: 'low',
    title: 'The home lies in a folder that is emptied',
    detail: 'What lies there is gone after a start of the machine, and others may put files beside it.',
    judge: ({ realHome }) =>
      /^\/(?:tmp|var\/tmp|dev\/shm)\//.test(realHome) ? { evidence: realHome, fix: null } : undefined,
  },
  {
    id: 'home.other-owner',
    severity: 'high',
    title: 'The home belongs to another user',
    detail: 'They can change all of it at any time.',
    judge: ({ uid, owner, home }) =>
      uid === undefined || owner === undefined || uid === owner || uid === 0
        ? undefined
        : { evidence: `${home} belongs to user ${owner}`, fix: `sudo chown -R "$(id -un)" ${commandText(home)}` },
  },
  {
    id: 'process.root',
    severity: 'high',
    title: 'claw runs as root',
    detail: 'What breaks out of a wall has the whole machine. A user of its own is enough for everything claw does.',
    judge: ({ uid }) =>
      uid === 0 ? { evidence: 'user 0', fix: 'sudo useradd --system --create-home claw' } : undefined,
  },
];
