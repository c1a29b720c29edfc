/** Owns how messages are read without the bytes of their pictures, which fill the memory of the process: the picture stays in its place, its data is empty. */
import { type RawBuilder, sql } from 'kysely';

/** Bytes of pictures, as they are stored, that are read at once: those of one message. */
export const PICTURE_BYTES = 28 * 1024 * 1024;
/** Parts with fewer bytes are left as they are. */
const SMALL_BYTES = 64 * 1024;

/** The parts of a row without the bytes of pictures; `m` is an alias of `messages`. */
export function bareParts(table: 'messages' | 'm' | 'inbound_messages'): RawBuilder<string> {
  const parts = sql.ref(`${table}.parts`);
  return sql<string>`case when octet_length(${parts}) > ${SMALL_BYTES} then (
    select json_group_array(json(case when part.value ->> '$.type' = 'image' then json_set(part.value, '$.data', '') else part.value end))
    from json_each(${parts}) as part) else ${parts} end`;
}

/** The parts of a row of `messages`; of those before the message `seq` without the bytes of pictures. */
export function partsBareBefore(seq: number): RawBuilder<string> {
  return sql<string>`case when messages.seq < ${seq} then ${bareParts('messages')} else messages.parts end`;
}

/** Number of the first message, counted from the last, whose parts still fit; the last one always does. `sizes`: in order. */
export function firstWhole(sizes: readonly { readonly seq: number; readonly bytes: number }[], most: number): number {
  let left = most;
  const over = sizes.findLast(({ bytes }) => bytes > SMALL_BYTES && (left -= bytes) < 0);
  return over === undefined ? 0 : Math.min(over.seq + 1, sizes.at(-1)?.seq ?? 0);
}
