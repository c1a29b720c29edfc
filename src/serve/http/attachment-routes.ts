/** Owns how a client hands in the files of a message that it is about to send: bytes first, judged by what they are, then named by the message. */
import { z } from 'zod';
import { MAX_IMAGE_BYTES } from '../../core/conversations/attach-file.ts';
import { OCTETS, route, type Route, type RouteDeps } from './route.ts';

export function attachmentRoutes({ uploads }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/attachments',
      action: 'chat.send',
      summary: 'Hand in a picture or text for your next message, which names its id; kept for an hour',
      maxBodyBytes: MAX_IMAGE_BYTES,
      consumes: OCTETS,
      query: z.strictObject({ name: z.string().min(1).max(300) }),
      body: z.instanceof(Uint8Array),
      status: 201,
      result: z.object({
        id: z.string(),
        name: z.string(),
        media_type: z.string().nullable().describe('of a picture; null for a text'),
        bytes: z.int(),
      }),
      handle: ({ actor, query, body }) => {
        const { id, name, mediaType, bytes } = uploads.add(actor.user.id, query.name, Buffer.from(body));
        return { id, name, media_type: mediaType, bytes };
      },
    }),
  ];
}
