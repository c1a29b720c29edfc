/** Owns the page of how well the installation is: what the doctor and the security audit found, how it is mended, and what it takes on the disk. */
import type { ReactNode } from 'react';
import { PageHead } from '../components/page-head.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useTexts } from '../language/use-texts.ts';
import { Checks } from './doctor-checks.tsx';
import { Security } from './doctor-security.tsx';
import { Storage } from './doctor-storage.tsx';
import './doctor.css';

export function Doctor(): ReactNode {
  const { nav, health } = useTexts();
  return (
    <>
      <PageHead title={nav.doctor} lead={health.lead} />
      <Tabs
        label={nav.doctor}
        tabs={[
          { id: 'checks', label: health.checks, content: <Checks /> },
          { id: 'security', label: health.security, content: <Security /> },
          { id: 'storage', label: health.storage, content: <Storage /> },
        ]}
      />
    </>
  );
}
