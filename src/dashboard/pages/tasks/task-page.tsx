/** Owns the page of one task: what it does and when, and what became of each due moment. */
import { type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useRead } from '../../api/use-api.ts';
import { PageHead } from '../../components/page-head.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { When } from '../../components/when.tsx';
import { money } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { NextTimes } from './next-times.tsx';
import { lengthWords, runWords } from './run-words.ts';
import { TaskActions } from './task-actions.tsx';
import { RunBadge, ScheduleCell, TaskState } from './task-cells.tsx';
import { EditTask } from './task-form.tsx';
import { instantIn, type Run, type Task } from './task-words.ts';

export function TaskPage({ id }: { readonly id: string }): ReactNode {
  const { tasks } = useTexts();
  const task = useRead('GET /tasks/{id}', { params: { id } });
  return (
    <>
      <p>
        <Link to="/dashboard/tasks">{tasks.back}</Link>
      </p>
      <Loaded of={task}>{(data) => <Whole task={data} taskKey={id} />}</Loaded>
    </>
  );
}

function Whole({ task, taskKey }: { readonly task: Task; readonly taskKey: string }): ReactNode {
  const { tasks } = useTexts();
  const navigate = useNavigate();
  const [said, setSaid] = useState<string>();
  const isOver = task.state === 'cancelled' || task.state === 'done';
  return (
    <>
      <PageHead
        title={task.id}
        actions={
          <div className="actions">
            {isOver ? null : <EditTask task={task} taskKey={taskKey} onSaid={setSaid} />}
            <TaskActions task={task} taskKey={taskKey} onGone={() => void navigate('/dashboard/tasks')} />
          </div>
        }
      />
      {said === undefined ? null : (
        <p className="notice good" role="status">
          {said}
        </p>
      )}
      <div className="tiles">
        <Section title={tasks.prompt}>
          <What task={task} />
        </Section>
        <Section title={tasks.schedule}>
          <ScheduleCell task={task} />
          <Coming task={task} />
        </Section>
        <Section title={tasks.facts}>
          <Facts task={task} />
        </Section>
      </div>
      <Ledger taskKey={taskKey} />
    </>
  );
}

/** An interval counts from its making, which a preview knows nothing of. */
function Coming({ task }: { readonly task: Task }): ReactNode {
  const { tasks } = useTexts();
  const { state, schedule_type: type, schedule_value: value, tz, next_at: next } = task;
  if (state !== 'active' || next === null) return null;
  if (type === 'cron') return <NextTimes type={type} value={value} zone={tz} />;
  return (
    <p>
      {tasks.next}: {instantIn(next, tz, document.documentElement.lang)} (<When at={next} />)
    </p>
  );
}

function What({ task: { prompt, tool, tool_input: input, gate } }: { readonly task: Task }): ReactNode {
  const { tasks } = useTexts();
  return (
    <>
      {prompt === null ? (
        <p>
          {tasks.ways.tool}: <Link to={`/dashboard/tools/${tool ?? ''}`}>{tool}</Link>
        </p>
      ) : (
        <p className="tasks-output">
          <VisibleText text={prompt} />
        </p>
      )}
      {tool === null ? null : (
        <pre tabIndex={0}>
          <VisibleText text={JSON.stringify(input, null, 2)} />
        </pre>
      )}
      {gate === null ? null : (
        <p>
          {tasks.gate}: <Link to={`/dashboard/tools/${gate}`}>{gate}</Link>
        </p>
      )}
    </>
  );
}

function Facts({ task }: { readonly task: Task }): ReactNode {
  const { tasks, words } = useTexts();
  const { group, context, misfire, max_lateness_ms: lateness, budget_usd: budget } = task;
  return (
    <dl className="tasks-facts">
      <dt>{words.state}</dt>
      <dd>
        <TaskState task={task} />
      </dd>
      <dt>{tasks.group}</dt>
      <dd>{group ?? tasks.groupKept}</dd>
      <dt>{tasks.context}</dt>
      <dd>{tasks.contexts[context]}</dd>
      <dt>{tasks.misfire}</dt>
      <dd>{tasks.misfires[misfire]}</dd>
      {lateness === null ? null : (
        <>
          <dt>{tasks.lateness}</dt>
          <dd>{lengthWords(lateness, tasks.run)}</dd>
        </>
      )}
      {budget === null ? null : (
        <>
          <dt>{tasks.budget}</dt>
          <dd>{money(budget)}</dd>
        </>
      )}
      <dt>{words.created}</dt>
      <dd>
        <When at={task.created_at} />
      </dd>
    </dl>
  );
}

const STEP = 50;
const MOST = 1000;

function Ledger({ taskKey }: { readonly taskKey: string }): ReactNode {
  const { tasks, words } = useTexts();
  const [limit, setLimit] = useState(STEP);
  const runs = useRead('GET /tasks/{id}/history', { params: { id: taskKey }, query: { limit } });
  return (
    <Section title={tasks.ledger}>
      <Loaded of={runs} empty={tasks.ledgerEmpty}>
        {(rows) => (
          <>
            <Table
              caption={tasks.ledger}
              rows={rows}
              keyOf={(run) => run.id}
              columns={[
                { title: tasks.due, cell: ({ due_at: at }) => <When at={at} /> },
                { title: words.state, cell: ({ state }) => <RunBadge state={state} /> },
                { title: tasks.ended, cell: ({ ended_at: at }) => (at == null ? '–' : <When at={at} />) },
                { title: tasks.remark, cell: (run) => <Remarks run={run} /> },
                { title: tasks.result, cell: ({ output }) => <Output text={output} /> },
                { title: tasks.conversation, cell: (run) => <ToConversation run={run} /> },
              ]}
            />
            {rows.length === limit && limit < MOST ? (
              <button type="button" onClick={() => setLimit(Math.min(MOST, limit * 2))}>
                {tasks.more}
              </button>
            ) : null}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Remarks({ run }: { readonly run: Run }): ReactNode {
  const { tasks } = useTexts();
  return runWords(run, tasks.run).map((sentence) => (
    <p key={sentence} className={run.state === 'failed' ? 'tasks-remark bad-text' : 'tasks-remark'}>
      {sentence}
    </p>
  ));
}

function Output({ text }: { readonly text: string | null }): ReactNode {
  if (text === null) return null;
  return (
    <div className="tasks-answer">
      <VisibleText text={text} />
    </div>
  );
}

function ToConversation({ run: { conversation_id: id } }: { readonly run: Run }): ReactNode {
  const { tasks } = useTexts();
  return id === null ? null : <Link to={`/dashboard/conversations/${id}`}>{tasks.conversation}</Link>;
}
