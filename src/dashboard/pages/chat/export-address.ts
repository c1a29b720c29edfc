/** Owns where a conversation is as a document. */
export function exportAddress(id: string, format: 'markdown' | 'json'): string {
  return `/api/v1/conversations/${encodeURIComponent(id)}/export?format=${format}`;
}
