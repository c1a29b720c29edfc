/** Owns that whoever starts the server is shown the way in while nobody can sign in yet: a link in a file that only they can read, never in the log. */
import { rm } from 'node:fs/promises';
import type { App } from '../core/create-app.ts';
import { replaceFile } from '../core/kernel/replace-file.ts';
import type { Log } from '../core/kernel/log.ts';
import { dashboardOrigin, linkAddress } from './dashboard-address.ts';
import type { StateFile } from './server-state.ts';

export interface SetUpOffers {
  /** Makes and shows the link, once, when the settings ask people to sign in and nobody can. */
  follow(): Promise<void>;
  /** Takes the files with links away. */
  close(): Promise<void>;
}

interface SetUpOfferDeps {
  readonly app: App;
  readonly state: Pick<StateFile, 'current'>;
  readonly log: Log;
  /** Shows the link to the person at the terminal; absent where there is none. */
  readonly show?: ((url: string) => void) | undefined;
}

export function createSetUpOffers({ app, state, log, show }: SetUpOfferDeps): SetUpOffers {
  const file = app.paths.setUpLink;
  let isOffered = false;
  return {
    async follow() {
      const origin = dashboardOrigin(state.current());
      if (isOffered || origin === undefined || !app.settings.get('AUTH_ENABLED')) return;
      const links = await (await app.access()).links();
      const offer = await links.offerSetUp({ via: 'server', from: 'server' });
      if (offer === undefined) return rm(file, { force: true });
      isOffered = true;
      (await app.masker()).register(offer.secret);
      const url = linkAddress(origin, offer.kind, offer.secret);
      await replaceFile(file, `${url}\n`, 0o600);
      const minutes = Math.round((offer.expiresAt - app.clock.now()) / 60_000);
      log.warn(
        { file, minutes },
        'nobody can sign in yet: run "claw dashboard", or open the link that stands in the file',
      );
      show?.(url);
    },
    async close() {
      for (const each of [file, app.paths.dashboardPage]) await rm(each, { force: true });
    },
  };
}
