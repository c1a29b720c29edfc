/** Owns the flags of `claw serve` that stand for settings. */
import { Flags } from '@oclif/core';

export const addressFlags = {
  host: Flags.string({ description: 'Address of the HTTP API (DASHBOARD_HOST).', helpValue: 'ADDRESS' }),
  port: Flags.string({ description: 'Port of the HTTP API, 0 for any (DASHBOARD_PORT).', helpValue: 'PORT' }),
};

/** The settings that the flags outrank. */
export function addressSettings(flags: { readonly host?: string | undefined; readonly port?: string | undefined }) {
  const { host, port } = flags;
  return {
    ...(host === undefined ? {} : { DASHBOARD_HOST: host }),
    ...(port === undefined ? {} : { DASHBOARD_PORT: port }),
  };
}
