/** Owns the fields of a task that not everybody needs: a tool in place of the assistant, where the answer goes, and what holds for a run. */
import { type ReactNode, useId } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import type { TaskDraft } from './task-draft.ts';

interface DraftProps {
  readonly draft: TaskDraft;
  readonly onDraft: (part: Partial<TaskDraft>) => void;
}

interface ToolFieldsProps extends DraftProps {
  readonly isNew: boolean;
  readonly isWrong: boolean;
}

export function ToolFields({ draft, isNew, isWrong, onDraft }: ToolFieldsProps): ReactNode {
  const { tasks } = useTexts();
  const id = useId();
  return (
    <>
      {isNew ? <ToolSelect label={tasks.tool} value={draft.tool} onTool={(tool) => onDraft({ tool })} /> : null}
      <p className="quiet">{tasks.toolHint}</p>
      <div className="field">
        <label htmlFor={id}>{tasks.toolInput}</label>
        <textarea
          id={id}
          rows={4}
          className="mono"
          spellCheck={false}
          value={draft.toolInput}
          aria-invalid={isWrong}
          onChange={({ target }) => onDraft({ toolInput: target.value })}
        />
        {isWrong ? <span className="bad-text">{tasks.notJson}</span> : null}
      </div>
    </>
  );
}

interface ToolSelectProps {
  readonly label: string;
  readonly value: string;
  readonly onTool: (tool: string) => void;
  /** For no tool at all; one must be chosen when absent. */
  readonly none?: string;
  readonly hint?: string;
}

function ToolSelect({ label, value, onTool, none, hint }: ToolSelectProps): ReactNode {
  const id = useId();
  const tools = useRead('GET /tools', {});
  const names = (tools.data ?? []).filter(({ state }) => state === 'active').map(({ name }) => name);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        required={none === undefined}
        value={value}
        aria-describedby={`${id}-about`}
        onChange={({ target }) => onTool(target.value)}
      >
        <option value="">{none ?? '–'}</option>
        {/* A tool that is switched off today is still what was chosen. */}
        {value === '' || names.includes(value) ? null : <option>{value}</option>}
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <span id={`${id}-about`} className="quiet">
        {hint}
      </span>
    </div>
  );
}

export function MoreFields({ draft, onDraft }: DraftProps): ReactNode {
  const { tasks } = useTexts();
  const isAdmin = useMay('admin');
  return (
    <div className="fields tasks-more">
      {isAdmin ? <GroupField group={draft.group} onGroup={(group) => onDraft({ group })} /> : null}
      <ChoiceField
        label={tasks.context}
        words={tasks.contexts}
        value={draft.context}
        onValue={(context) => onDraft({ context })}
      />
      <ChoiceField
        label={tasks.misfire}
        words={tasks.misfires}
        value={draft.misfire}
        onValue={(misfire) => onDraft({ misfire })}
      />
      <TextField
        label={tasks.lateness}
        hint={tasks.latenessHint}
        value={draft.lateness}
        onValue={(lateness) => onDraft({ lateness })}
      />
      <TextField
        label={tasks.budget}
        hint={tasks.budgetHint}
        value={draft.budget}
        isNumber
        onValue={(budget) => onDraft({ budget })}
      />
      <ToolSelect
        label={tasks.gate}
        hint={tasks.gateHint}
        none={tasks.noGate}
        value={draft.gate}
        onTool={(gate) => onDraft({ gate })}
      />
    </div>
  );
}

interface GroupFieldProps {
  readonly group: string;
  readonly onGroup: (group: string) => void;
}

function GroupField({ group, onGroup }: GroupFieldProps): ReactNode {
  const { tasks } = useTexts();
  const id = useId();
  const groups = useRead('GET /groups', {});
  const rooms = groups.data ?? [];
  return (
    <div className="field">
      <label htmlFor={id}>{tasks.group}</label>
      <select id={id} value={group} onChange={({ target }) => onGroup(target.value)}>
        <option value="">{tasks.groupKept}</option>
        {group === '' || rooms.some(({ jid }) => jid === group) ? null : <option>{group}</option>}
        {rooms.map(({ jid, name }) => (
          <option key={jid} value={jid}>
            {name} ({jid})
          </option>
        ))}
      </select>
    </div>
  );
}

interface ChoiceFieldProps<Value extends string> {
  readonly label: string;
  readonly words: Readonly<Record<Value, string>>;
  readonly value: Value;
  readonly onValue: (value: Value) => void;
}

function ChoiceField<Value extends string>({ label, words, value, onValue }: ChoiceFieldProps<Value>): ReactNode {
  const id = useId();
  const codes = Object.keys(words) as Value[];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        data-kind="select"
        value={value}
        onChange={({ target }) => onValue(codes.find((code) => code === target.value) ?? value)}
      >
        {codes.map((code) => (
          <option key={code} value={code}>
            {words[code]}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly isNumber?: boolean;
  readonly onValue: (value: string) => void;
}

function TextField({ label, hint, value, isNumber = false, onValue }: TextFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={isNumber ? 'number' : 'text'}
        {...(isNumber ? { min: 0, step: 'any' } : {})}
        autoComplete="off"
        value={value}
        aria-describedby={`${id}-about`}
        onChange={({ target }) => onValue(target.value)}
      />
      <span id={`${id}-about`} className="quiet">
        {hint}
      </span>
    </div>
  );
}
