/** Owns the JSON of backups, the same on every surface. */
import type { ListedBackup } from './backup-service.ts';

export function backupJson({ file, bytes, header }: ListedBackup) {
  return {
    file,
    bytes,
    created_at: header.created_at,
    claw: header.claw,
    schema: header.schema,
    encrypted: header.encryption !== null,
    secrets: header.secrets,
    scheduled: header.scheduled,
  };
}
