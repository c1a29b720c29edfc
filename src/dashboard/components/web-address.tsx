/** Owns how the address that something came from looks: a link for the web, text for everything else. */
import type { ReactNode } from 'react';

export function WebAddress({ address }: { readonly address: string }): ReactNode {
  const url = URL.parse(address);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return <bdi>{address}</bdi>;
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer nofollow">
      <bdi>{url.href}</bdi>
    </a>
  );
}
