/** Owns the page of documents: added as files, text or from the web, searched, listed, and each with its passages. */
import { type ReactNode, useState } from 'react';
import { useParams } from 'react-router';
import { useRead } from '../../api/use-api.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Section } from '../../components/section.tsx';
import { bytes, count } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { DocumentDetail } from './document-detail.tsx';
import { DocumentList } from './document-list.tsx';
import { Folders } from './folders.tsx';
import './knowledge.css';
import { SearchPreview } from './search-preview.tsx';
import { UploadArea } from './upload-area.tsx';
import { TOUCHED } from './use-uploads.ts';

export function Knowledge(): ReactNode {
  const { id } = useParams();
  return id === undefined ? <Documents /> : <DocumentDetail key={id} id={id} />;
}

function Documents(): ReactNode {
  const may = useMay('user');
  const { nav, knowledge } = useTexts();
  const stats = useRead('GET /knowledge/stats', {});
  const [said, setSaid] = useState('');
  const added = ({ title }: { readonly title: string }): void => setSaid(knowledge.added(title));
  return (
    <>
      <PageHead
        title={nav.knowledge}
        lead={knowledge.lead}
        actions={
          <div className="actions">
            <AddText onDone={added} />
            <AddUrl onDone={added} />
          </div>
        }
      />
      <p role="status">{said}</p>
      {may ? <UploadArea most={stats.data?.max_file_bytes} /> : null}
      <SearchPreview hasDocuments={(stats.data?.documents ?? 0) > 0} />
      <Section title={knowledge.documents} actions={<Stats />}>
        <DocumentList kinds={stats.data?.kinds ?? []} onSaid={setSaid} />
      </Section>
      <Folders />
    </>
  );
}

function Stats(): ReactNode {
  const { knowledge } = useTexts();
  const stats = useRead('GET /knowledge/stats', {});
  if (stats.data === undefined || stats.data.documents === 0) return null;
  const { documents, chunks, bytes: size, vectors } = stats.data;
  return (
    <span className="quiet">
      {knowledge.stats(count(documents), count(chunks), bytes(size))}.{' '}
      {vectors === null ? knowledge.noVectors : knowledge.vectors(count(vectors))}
    </span>
  );
}

interface AddProps {
  readonly onDone: (added: { readonly title: string }) => void;
}

function AddText({ onDone }: AddProps): ReactNode {
  const { knowledge, words } = useTexts();
  return (
    <FormDialog
      title={knowledge.add}
      fields={[
        { name: 'title', label: words.title, isRequired: true },
        { name: 'content', label: words.text, kind: 'textarea', isRequired: true },
      ]}
      route="POST /knowledge"
      toParts={(typed) => ({ body: { title: typed('title'), content: typed('content') } })}
      touches={TOUCHED}
      onDone={onDone}
    />
  );
}

function AddUrl({ onDone }: AddProps): ReactNode {
  const { knowledge } = useTexts();
  return (
    <FormDialog
      title={knowledge.addUrl}
      fields={[
        { name: 'url', label: knowledge.url, kind: 'url', isRequired: true, placeholder: 'https://example.com/page' },
      ]}
      route="POST /knowledge"
      toParts={(typed) => ({ body: { url: typed('url') } })}
      touches={TOUCHED}
      onDone={onDone}
    />
  );
}
