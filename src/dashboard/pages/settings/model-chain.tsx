/** Owns the models that come in when one fails, in their order: the setting FALLBACK_MODELS. */
import type { ReactNode } from 'react';
import type { Result } from '../../api/client.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Failure } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { TOUCHED } from './touched.ts';

const NAME = 'FALLBACK_MODELS';

export function ModelChain({ all }: { readonly all: Result<'GET /models'> }): ReactNode {
  const { models: texts, settings } = useTexts();
  const may = useMay('admin');
  const setting = useRead('GET /config/settings/{name}', { params: { name: NAME } });
  const change = useChange('PUT /config/settings/{name}', [...TOUCHED, 'GET /config/settings/{name}']);
  const chain = asList(setting.data?.value);
  const save = (models: readonly string[]): void =>
    change.mutate({ params: { name: NAME }, body: { value: JSON.stringify(models) } });
  const source = setting.data?.source;
  const isOpen = may && (source === 'default' || source === 'config');
  return (
    <>
      {chain.length === 0 ? <p>{texts.noChain}</p> : null}
      <ol className="settings-chain">
        {chain.map((model, at) => (
          <li key={model}>
            {model}
            {isOpen ? <Moves chain={chain} at={at} isBusy={change.isPending} onSave={save} label={model} /> : null}
          </li>
        ))}
      </ol>
      {change.error === null ? null : <Failure error={change.error} />}
      {isOpen ? (
        <FormDialog
          title={texts.addNext}
          fields={[
            {
              name: 'model',
              label: texts.model,
              isRequired: true,
              suggestions: all.filter(({ configured }) => configured).map(({ provider, id }) => `${provider}/${id}`),
            },
          ]}
          route="PUT /config/settings/{name}"
          toParts={(typed) => ({
            params: { name: NAME },
            body: { value: JSON.stringify([...chain, typed('model').trim()]) },
          })}
          touches={[...TOUCHED, 'GET /config/settings/{name}']}
        />
      ) : source === undefined ? null : (
        <p className="quiet">{settings.outranked(setting.data?.place ?? source)}</p>
      )}
    </>
  );
}

interface MovesProps {
  readonly chain: readonly string[];
  readonly at: number;
  readonly label: string;
  readonly isBusy: boolean;
  readonly onSave: (chain: readonly string[]) => void;
}

function Moves({ chain, at, label, isBusy, onSave }: MovesProps): ReactNode {
  const { models: texts } = useTexts();
  const rest = chain.filter((_, index) => index !== at);
  const moved = (to: number): readonly string[] => rest.toSpliced(to, 0, label);
  return (
    <span className="actions">
      <button
        type="button"
        disabled={isBusy || at === 0}
        aria-label={`${texts.up}: ${label}`}
        onClick={() => onSave(moved(at - 1))}
      >
        ↑
      </button>
      <button
        type="button"
        disabled={isBusy || at === chain.length - 1}
        aria-label={`${texts.down}: ${label}`}
        onClick={() => onSave(moved(at + 1))}
      >
        ↓
      </button>
      <button type="button" disabled={isBusy} aria-label={`${texts.remove}: ${label}`} onClick={() => onSave(rest)}>
        {texts.remove}
      </button>
    </span>
  );
}

function asList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
