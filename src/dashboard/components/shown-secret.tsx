/** Owns showing a secret the one time it can be seen: marked as such, ready to be copied, gone with the page. */
import { type ReactNode, useState } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { Icon } from './icon.tsx';

interface ShownSecretProps {
  /** What it is, ending in a colon. */
  readonly label: string;
  readonly value: string | undefined;
}

export function ShownSecret({ label, value }: ShownSecretProps): ReactNode {
  const { users } = useTexts();
  const [copied, setCopied] = useState<string>();
  if (value === undefined) return null;
  const copy = (): void => void navigator.clipboard.writeText(value).then(() => setCopied(value));
  return (
    <div className="notice ask" role="status">
      <p>
        <Icon name="warning" /> {label}
      </p>
      <p>
        <code className="secret-shown">{value}</code>{' '}
        {'clipboard' in navigator ? (
          <button type="button" onClick={copy}>
            <Icon name="copy" /> {copied === value ? users.copied : users.copy}
          </button>
        ) : null}
      </p>
      <p className="quiet">{users.keepIt}</p>
    </div>
  );
}
