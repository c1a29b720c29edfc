/** Owns the page of webhooks: the caller's own addresses that are told of what happens, and what became of each telling. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Badge } from '../components/badge.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Section } from '../components/section.tsx';
import { ShownSecret } from '../components/shown-secret.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { When } from '../components/when.tsx';
import { count } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

type Webhook = Result<'GET /webhooks'>[number];
type Delivery = Result<'GET /webhooks/{id}/deliveries'>[number];
const EVENTS = ['turn.completed', 'turn.failed', 'message.failed', 'approval.requested', 'task.run'] as const;
const TOUCHED = ['GET /webhooks', 'GET /webhooks/{id}/deliveries'] as const;
const TONES = { pending: 'warn', delivered: 'good', failed: 'bad' } as const;

export function Webhooks(): ReactNode {
  const { nav, webhooks } = useTexts();
  const list = useRead('GET /webhooks', {});
  const [secret, setSecret] = useState<string>();
  return (
    <>
      <PageHead title={nav.webhooks} lead={webhooks.lead} actions={<NewWebhook onSecret={setSecret} />} />
      <ShownSecret label={webhooks.secretOnce} value={secret} />
      <Loaded of={list} empty={webhooks.none}>
        {(rows) => rows.map((row) => <WebhookCard key={row.id} webhook={row} />)}
      </Loaded>
    </>
  );
}

function NewWebhook({ onSecret }: { readonly onSecret: (secret: string) => void }): ReactNode {
  const { webhooks } = useTexts();
  return (
    <FormDialog
      title={webhooks.create}
      isMain
      fields={[
        { name: 'url', label: webhooks.url, kind: 'url', isRequired: true, hint: webhooks.urlHint },
        {
          name: 'events',
          label: webhooks.events,
          kind: 'checks',
          options: EVENTS.map((event) => ({ value: event, label: webhooks.names[event] ?? event })),
          hint: webhooks.eventsHint,
        },
      ]}
      route="POST /webhooks"
      toParts={(typed) => {
        const events = EVENTS.filter((event) => typed('events').split('\n').includes(event));
        return { body: { url: typed('url'), ...(events.length === 0 ? {} : { events }) } };
      }}
      touches={TOUCHED}
      onDone={(made) => onSecret(made.secret)}
    />
  );
}

function WebhookCard({ webhook }: { readonly webhook: Webhook }): ReactNode {
  const { webhooks } = useTexts();
  const { url, state, reason, failures, events, created_at: at } = webhook;
  return (
    <Section
      title={<code>{url}</code>}
      actions={<Badge tone={state === 'active' ? 'good' : 'bad'}>{webhooks.states[state]}</Badge>}
    >
      <p>
        {events.map((event) => webhooks.names[event] ?? event).join(' · ')}{' '}
        <span className="quiet">
          <When at={at} />
        </span>
      </p>
      {reason === null ? null : <p className="notice bad">{reason}</p>}
      {failures > 0 ? <p className="bad-text">{webhooks.failures(failures)}</p> : null}
      <WebhookActs webhook={webhook} />
    </Section>
  );
}

function WebhookActs({ webhook: { id, url, state } }: { readonly webhook: Webhook }): ReactNode {
  const { webhooks } = useTexts();
  const [tested, setTested] = useState<Delivery>();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className="actions">
        <ActionButton route="POST /webhooks/{id}/test" parts={{ params: { id } }} touches={TOUCHED} onDone={setTested}>
          {webhooks.test}
        </ActionButton>
        {state === 'active' ? null : (
          <ActionButton route="POST /webhooks/{id}/enable" parts={{ params: { id } }} touches={TOUCHED}>
            {webhooks.enable}
          </ActionButton>
        )}
        <ActionButton
          route="DELETE /webhooks/{id}"
          parts={{ params: { id } }}
          touches={['GET /webhooks']}
          question={webhooks.removeQuestion(url)}
        >
          {webhooks.remove}
        </ActionButton>
      </div>
      <TestResult tested={tested} />
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{webhooks.deliveries}</summary>
        {isOpen ? <Deliveries id={id} /> : null}
      </details>
    </>
  );
}

function TestResult({ tested }: { readonly tested: Delivery | undefined }): ReactNode {
  const { webhooks } = useTexts();
  if (tested === undefined) return <output />;
  const { state, status, error } = tested;
  const isGood = state === 'delivered';
  const why = error ?? String(status ?? '');
  return (
    <output>
      <p className={isGood ? 'notice good' : 'notice bad'}>
        {isGood ? webhooks.tested(String(status ?? '')) : webhooks.testFailed(why)}
      </p>
    </output>
  );
}

function Deliveries({ id }: { readonly id: string }): ReactNode {
  const { webhooks, words } = useTexts();
  const list = useRead('GET /webhooks/{id}/deliveries', { params: { id } });
  return (
    <Loaded of={list} empty={webhooks.noDeliveries}>
      {(rows) => (
        <Table
          caption={webhooks.deliveries}
          rows={rows}
          keyOf={(row) => row.id}
          columns={[
            { title: words.when, cell: ({ created_at: at }) => <When at={at} /> },
            { title: webhooks.events, cell: ({ event }) => webhooks.names[event] ?? event },
            {
              title: words.state,
              cell: ({ state }) => <Badge tone={TONES[state]}>{webhooks.deliveryStates[state]}</Badge>,
            },
            { title: webhooks.attempts, cell: ({ attempts }) => count(attempts), isNumber: true },
            {
              title: webhooks.answer,
              cell: ({ status, error, response }) => (
                <>
                  {status} {error ?? response}
                </>
              ),
            },
          ]}
        />
      )}
    </Loaded>
  );
}
