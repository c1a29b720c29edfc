/** Owns who may go on at the HTTP API. A credential that is shown is always checked; without one the owner is meant only while authentication is off and the request comes from this machine itself. */
import { requirePermission } from '../../core/access/permissions.ts';
import type { App } from '../../core/create-app.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import type { Guard } from './http-server.ts';

export function createGuard(app: App): Guard {
  return {
    async authenticate(shown, action) {
      if (action === 'public') return undefined;
      // A token of the settings that lets one in is asked for: whoever set it means to keep the others out.
      if (shown.authorization === undefined && app.settings.get('DASHBOARD_TOKEN') !== undefined) throw signIn();
      const { authenticate } = await (await app.access()).authenticator();
      return authenticate(shown);
    },
    permit(actor, action) {
      if (action === 'public') return;
      if (actor === undefined) throw signIn();
      requirePermission(actor, action);
    },
    count: () => ({}),
  };
}

function signIn(): ClawError {
  return new ClawError('auth-missing', 'Sign in first: no credential was sent.', {
    hint: 'Send "Authorization: Bearer <API key>".',
  });
}
