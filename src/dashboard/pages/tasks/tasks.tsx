/** Owns the page of scheduled work: which of its views an address means. */
import { type ReactNode, useState } from 'react';
import { useParams } from 'react-router';
import { PageHead } from '../../components/page-head.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { TaskCalendar } from './task-calendar.tsx';
import { NewTask } from './task-form.tsx';
import { TaskList } from './task-list.tsx';
import { TaskPage } from './task-page.tsx';
import './tasks.css';

export function Tasks(): ReactNode {
  const { id } = useParams();
  return id === undefined ? <AllTasks /> : <TaskPage key={id} id={id} />;
}

function AllTasks(): ReactNode {
  const { nav, tasks } = useTexts();
  const [said, setSaid] = useState<string>();
  return (
    <>
      <PageHead title={nav.tasks} lead={tasks.lead} actions={<NewTask onSaid={setSaid} />} />
      {said === undefined ? null : (
        <p className="notice good" role="status">
          {said}
        </p>
      )}
      <Tabs
        label={nav.tasks}
        tabs={[
          { id: 'list', label: tasks.list, content: <TaskList /> },
          { id: 'calendar', label: tasks.calendar, content: <TaskCalendar /> },
        ]}
      />
    </>
  );
}
