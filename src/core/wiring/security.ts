/** Owns how an app becomes its security audit, and what hardens it. */
import { stat } from 'node:fs/promises';
import { editConfig, listConfigVersions } from '../config/config-file.ts';
import { auditHome, type AuditReport } from '../doctor/security/audit.ts';
import { harden, type HardenReport } from '../doctor/security/harden.ts';
import { takeSnapshot } from '../doctor/snapshot.ts';
import { narrowMode } from '../sandbox/narrow-mode.ts';
import type { DoctorNeeds, ServerSide } from './doctor.ts';
import { auditFacts } from './security-facts.ts';

export interface Security {
  audit(): Promise<AuditReport>;
  /** Applies what is safe to apply; with `isTrial` it only says what that is. */
  harden(isTrial: boolean): Promise<HardenReport>;
}

export function buildSecurity(needs: DoctorNeeds, server: ServerSide): Security {
  const { config, clock } = needs;
  const audit = () => auditHome(auditFacts(needs, server));
  return {
    audit: async () => (await audit()).report,
    harden: (isTrial) =>
      harden(
        {
          audit,
          settings: config.unchecked,
          snapshot: () => takeSnapshot(config.paths, clock.now()),
          editSettings: async (edits) => {
            const isChanged = await editConfig(config.paths, edits);
            config.reload();
            return isChanged ? (await listConfigVersions(config.paths))[0]?.version : undefined;
          },
          modes: {
            get: async (path) => (await stat(path)).mode & 0o7777,
            remove: (path, bits) => narrowMode(config.paths.home, path, bits),
          },
        },
        isTrial,
      ),
  };
}
