/** Owns the page of tools: which of its views an address means. */
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { ToolEditor } from './tool-editor.tsx';
import { ToolList } from './tool-list.tsx';
import { ToolPage } from './tool-page.tsx';
import './tools.css';

/** No tool can have this name. */
const NEW = 'new';

export function Tools(): ReactNode {
  const { id } = useParams();
  if (id === undefined) return <ToolList />;
  return id === NEW ? <ToolEditor /> : <ToolPage key={id} name={id} />;
}
