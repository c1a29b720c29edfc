/** Owns the chat platforms: how each one is, what it needs, and whether its tokens are good. A token goes to the server and never comes back. */
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge, type Tone } from '../../components/badge.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Said } from '../../components/said.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';

type Platform = Result<'GET /channels'>[number];
type Secret = Platform['secrets'][number];
type Tested = Result<'POST /channels/test'>[number];

const TOUCHED = ['GET /channels', 'GET /secrets', 'GET /config'] as const;
const TONES: Readonly<Record<string, Tone>> = { connected: 'good', failed: 'bad', off: 'quiet', stopped: 'quiet' };
/** When the server has had time to take a new token, and to connect with it, in milliseconds. */
const LATER_MS = [2_500, 6_000] as const;

export function Platforms(): ReactNode {
  const { overview, channels } = useTexts();
  const list = useRead('GET /channels', {});
  return (
    <Section title={channels.platforms}>
      <Loaded of={list} empty={overview.noChannels}>
        {(rows) => (
          <div className="tiles">
            {rows.map((row) => (
              <PlatformCard key={row.name} platform={row} />
            ))}
          </div>
        )}
      </Loaded>
    </Section>
  );
}

function PlatformCard({ platform }: { readonly platform: Platform }): ReactNode {
  const { channels } = useTexts();
  const { name, state, account, detail, retry_at: retryAt, secrets } = platform;
  const [said, setSaid] = useState<string>();
  const [tested, setTested] = useState<Tested>();
  const isMissing = secrets.some(({ is_set: isSet }) => !isSet);
  useAskedLater(said);
  return (
    <article className="card" aria-label={name}>
      <p className="channels-head">
        <strong>{name}</strong>
        <Badge tone={TONES[state] ?? 'warn'}>{channels.states[state] ?? state}</Badge>
        {account === null ? null : <span>{channels.as(account)}</span>}
      </p>
      {detail === null || isMissing ? null : <p className="quiet">{detail}</p>}
      {retryAt === null ? null : (
        <p className="quiet">
          {channels.tryAgain} <When at={retryAt} />
        </p>
      )}
      {isMissing ? <p>{channels.setUp[name]}</p> : null}
      <ul className="channels-secrets">
        {secrets.map((secret) => (
          <SecretLine key={secret.name} secret={secret} onSaid={setSaid} />
        ))}
      </ul>
      <Said>{said}</Said>
      <div className="actions">
        <Link to={`/dashboard/settings?find=${encodeURIComponent(name.toUpperCase())}`}>{channels.settings}</Link>
        <ActionButton
          route="POST /channels/test"
          parts={{ body: { name } }}
          touches={['GET /channels']}
          onDone={([result]) => setTested(result)}
        >
          {channels.check}
        </ActionButton>
      </div>
      <TestResult tested={tested} />
    </article>
  );
}

function TestResult({ tested }: { readonly tested: Tested | undefined }): ReactNode {
  const { channels } = useTexts();
  if (tested === undefined) return <output />;
  const { ok, account, latency_ms: ms, error } = tested;
  return (
    <output>
      <p className={ok ? 'notice good' : 'notice bad'}>
        {ok ? channels.works(account ?? '', ms ?? 0) : (error?.message ?? error?.code)}
      </p>
    </output>
  );
}

interface SecretLineProps {
  readonly secret: Secret;
  readonly onSaid: (text: string | undefined) => void;
}

function SecretLine({ secret, onSaid }: SecretLineProps): ReactNode {
  const { channels } = useTexts();
  const { name, is_set: isSet, stored } = secret;
  return (
    <li>
      <code>{name}</code> <Badge tone={isSet ? 'good' : 'warn'}>{isSet ? channels.isSet : channels.isMissing}</Badge>
      {isSet && !stored ? <p className="quiet">{channels.fromOutside}</p> : null}
      {isSet && !stored ? null : (
        <div className="actions">
          <FormDialog
            title={channels.setToken(name)}
            fields={[{ name: 'value', label: name, kind: 'password', isRequired: true, hint: channels.tokenHint }]}
            route="PUT /secrets/{name}"
            toParts={(typed) => ({ params: { name }, body: { value: typed('value').trim() } })}
            touches={TOUCHED}
            onDone={() => onSaid(channels.tokenKept(name))}
          />
          {stored ? (
            <ActionButton
              route="DELETE /secrets/{name}"
              parts={{ params: { name } }}
              touches={TOUCHED}
              question={channels.removeTokenQuestion(name)}
              onDone={() => onSaid(undefined)}
            >
              {channels.removeToken}
            </ActionButton>
          ) : null}
        </div>
      )}
    </li>
  );
}

/** The server takes a changed token after a moment: how the platforms are is asked again then, and not all the time. */
function useAskedLater(change: unknown): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (change === undefined) return undefined;
    const ask = (): void => void queries.invalidateQueries({ queryKey: ['GET /channels'] });
    const timers = LATER_MS.map((ms) => window.setTimeout(ask, ms));
    return () => timers.forEach((timer) => window.clearTimeout(timer));
  }, [change, queries]);
}
