/** Owns which model answers, which come in when it fails, and whether they answer at all. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Said } from '../../components/said.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { count, money } from '../../format.ts';
import type { Texts } from '../../language/texts.ts';
import { useTexts } from '../../language/use-texts.ts';
import { ModelChain } from './model-chain.tsx';
import { TOUCHED } from './touched.ts';

type Model = Result<'GET /models/current'>;
type Trials = Result<'POST /models/test'>;

export function Models(): ReactNode {
  const { models: texts } = useTexts();
  const current = useRead('GET /models/current', {});
  const all = useRead('GET /models', { query: {} });
  const [said, setSaid] = useState<string>();
  return (
    <>
      <p className="quiet">{texts.lead}</p>
      <Said>{said}</Said>
      <Section title={texts.current} actions={<Choose all={all.data ?? []} onSaid={setSaid} />}>
        <Loaded of={current}>{(model) => <Current model={model} />}</Loaded>
      </Section>
      <Section title={texts.chain}>
        <p className="quiet">{texts.chainLead}</p>
        <ModelChain all={all.data ?? []} />
      </Section>
      <Test />
      <Chosen />
    </>
  );
}

function nameOf({ provider, id }: Pick<Model, 'provider' | 'id'>): string {
  return `${provider}/${id}`;
}

function priceOf({ models: texts }: Pick<Texts, 'models'>, model: Model): string {
  const { input_usd_per_mtok: input, output_usd_per_mtok: output, local } = model;
  if (input !== null && output !== null) return `${money(input)} / ${money(output)}`;
  return local ? texts.free : texts.unpriced;
}

function Current({ model }: { readonly model: Model }): ReactNode {
  const texts = useTexts();
  const { models: words } = texts;
  const { context, configured, missing, breaker } = model;
  return (
    <>
      <p>
        <strong>{nameOf(model)}</strong> {configured ? null : <Badge tone="bad">{words.notSetUp(missing ?? '')}</Badge>}{' '}
        {breaker === 'closed' ? null : <Badge tone="warn">{words.breakers[breaker]}</Badge>}
      </p>
      <dl>
        <dt>{words.context}</dt>
        <dd>{context === null ? '–' : words.tokens(count(context))}</dd>
        <dt>{words.prices}</dt>
        <dd>{priceOf(texts, model)}</dd>
      </dl>
      {configured ? null : (
        <p className="notice ask">
          {words.missingKey} <Link to="/dashboard/accounts">{texts.nav.accounts}</Link>
        </p>
      )}
    </>
  );
}

interface ChooseProps {
  readonly all: readonly Model[];
  readonly onSaid: (text: string) => void;
}

function Choose({ all, onSaid }: ChooseProps): ReactNode {
  const { models: texts } = useTexts();
  const current = all.find((model) => model.current);
  const ready = all.filter(({ configured }) => configured);
  const known = (ready.length === 0 ? all : ready).map(nameOf);
  return (
    <FormDialog
      title={texts.choose}
      isMain
      fields={[
        {
          name: 'model',
          label: texts.model,
          isRequired: true,
          value: current === undefined ? '' : nameOf(current),
          suggestions: known,
        },
      ]}
      route="PUT /models/current"
      toParts={(typed) => ({ body: { model: typed('model').trim() } })}
      touches={TOUCHED}
      onDone={({ provider, model }) => onSaid(texts.chosen(`${provider}/${model}`))}
    />
  );
}

function Test(): ReactNode {
  const { models: texts } = useTexts();
  const [trials, setTrials] = useState<Trials>();
  return (
    <Section
      title={texts.test}
      actions={
        <ActionButton route="POST /models/test" parts={{}} touches={['GET /models']} onDone={setTrials}>
          {texts.test}
        </ActionButton>
      }
    >
      <p className="quiet">{texts.testLead}</p>
      {trials === undefined ? null : <TrialTable trials={trials} />}
    </Section>
  );
}

function TrialTable({ trials }: { readonly trials: Trials }): ReactNode {
  const { models: texts } = useTexts();
  return (
    <Table
      caption={texts.test}
      rows={trials}
      keyOf={({ provider, model }) => `${provider}/${model}`}
      columns={[
        { title: texts.model, cell: ({ provider, model }) => `${provider}/${model}` },
        {
          title: texts.latency,
          cell: ({ ok, latency_ms: ms, error }) =>
            ok ? (
              <Badge tone="good">{texts.works(count(Math.round(ms)))}</Badge>
            ) : (
              <span className="bad-text">{error}</span>
            ),
        },
      ]}
    />
  );
}

function Chosen(): ReactNode {
  const { models: texts, words } = useTexts();
  const choices = useRead('GET /models/choices', {});
  return (
    <Section title={texts.chosenFor}>
      <Loaded of={choices} empty={texts.noChoices}>
        {(rows) => (
          <Table
            caption={texts.chosenFor}
            rows={rows}
            keyOf={({ scope, subject }) => `${scope} ${subject}`}
            columns={[
              { title: words.kind, cell: ({ scope }) => texts.scopes[scope] },
              { title: words.name, cell: ({ name }) => name },
              { title: texts.model, cell: ({ models }) => models.join(' → ') },
              {
                title: words.actions,
                cell: ({ scope, name }) => (
                  <ActionButton
                    route="DELETE /models/choices/{scope}/{name}"
                    parts={{ params: { scope, name } }}
                    touches={['GET /models/choices']}
                    question={texts.takeBackQuestion(name)}
                  >
                    {texts.takeBack}
                  </ActionButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
