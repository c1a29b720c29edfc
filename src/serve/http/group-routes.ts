/** Owns the rooms of the API: an admin's matters. */
import { z } from 'zod';
import { doerOf } from '../../core/access/actor.ts';
import { placedRoomJson, roomJson } from '../../core/conversations/room-json.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const jid = z.string().min(1).max(200).describe('The chat: tg:…, dc:… or slack:…');
const text = z.string().max(10_000);
const trigger = z.string().max(1000).optional().describe('@Name, or a pattern of RE2 syntax; empty: the name');

const room = z.object({
  jid: z.string(),
  channel: z.string(),
  name: z.string(),
  folder: z.string(),
  trigger: z.string().nullable(),
  requires_trigger: z.boolean(),
  is_main: z.boolean(),
  created_at: instant,
  updated_at: instant,
});

const placedRoom = room.extend({ conversation_id: z.string().nullable() });

export function groupRoutes(deps: RouteDeps): readonly Route[] {
  return [...roomRoutes(deps), ...changeRoutes(deps), ...messageRoutes(deps)];
}

function roomRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/groups',
      action: 'group.read',
      summary: 'List the registered rooms, the main one first',
      result: z.array(placedRoom),
      handle: async () => {
        const groups = await app.groups();
        const folders = await groups.folders();
        return (await groups.list()).map((each) => placedRoomJson(each, folders));
      },
    }),
    route({
      method: 'POST',
      path: '/groups',
      action: 'group.manage',
      summary: 'Register a room, so that the assistant listens there',
      body: z.strictObject({
        jid,
        name: z.string().max(1000),
        folder: z.string().max(1000),
        trigger,
        requires_trigger: z.boolean().default(true),
        is_main: z.boolean().default(false),
      }),
      result: room,
      status: 201,
      handle: async ({ actor, body }) => {
        const { requires_trigger: requiresTrigger, is_main: isMain, ...rest } = body;
        return roomJson(await (await app.groups()).register({ ...rest, requiresTrigger, isMain }, doerOf(actor)));
      },
    }),
    route({
      method: 'POST',
      path: '/groups/bootstrap-main',
      action: 'group.manage',
      summary: 'Register the main room, which needs no trigger; again for the same chat it changes nothing',
      body: z.strictObject({
        jid: jid.optional().describe('Absent: AUTO_REGISTER_MAIN_JID'),
        name: z.string().max(1000).default('Main'),
      }),
      result: room,
      handle: async ({ actor, body }) => {
        const chat = body.jid ?? app.settings.get('AUTO_REGISTER_MAIN_JID');
        return roomJson(await (await app.groups()).bootstrapMain(chat, doerOf(actor), body.name));
      },
    }),
  ];
}

function changeRoutes({ app }: RouteDeps): readonly Route[] {
  const params = z.object({ jid });
  return [
    route({
      method: 'GET',
      path: '/groups/:jid',
      action: 'group.read',
      summary: 'A registered room',
      params,
      result: placedRoom,
      handle: async ({ params: { jid: chat } }) => {
        const groups = await app.groups();
        return placedRoomJson(await groups.find(chat), await groups.folders());
      },
    }),
    route({
      method: 'PATCH',
      path: '/groups/:jid',
      action: 'group.manage',
      summary: 'Change the name or the trigger of a room',
      params,
      body: z.strictObject({
        name: z.string().max(1000).optional(),
        trigger,
        requires_trigger: z.boolean().optional(),
      }),
      result: room,
      handle: async ({ actor, params: { jid: chat }, body }) => {
        const { requires_trigger: requiresTrigger, ...rest } = body;
        return roomJson(await (await app.groups()).update(chat, { ...rest, requiresTrigger }, doerOf(actor)));
      },
    }),
    route({
      method: 'DELETE',
      path: '/groups/:jid',
      action: 'group.manage',
      summary: 'Remove a room; its folder and its conversation stay',
      params,
      result: room.extend({ removed: z.boolean(), kept: z.array(z.string()) }),
      handle: async ({ actor, params: { jid: chat } }) => {
        const removed = await (await app.groups()).remove(chat, doerOf(actor));
        return { ...roomJson(removed), removed: true, kept: [`groups/${removed.folder}`, 'conversation'] };
      },
    }),
  ];
}

function messageRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/groups/test',
      action: 'group.read',
      summary: 'Say whether a message would wake the assistant, and why',
      body: z.strictObject({
        text,
        jid: jid.optional().describe('A registered room; its rules are used'),
        name: z.string().max(200).optional().describe('Name of the assistant instead of ASSISTANT_NAME'),
        pattern: z.string().max(1000).optional(),
        mention: z.boolean().default(false),
        reply: z.boolean().default(false),
        requires_trigger: z.boolean().optional(),
        particles: z.boolean().optional(),
      }),
      result: z.looseObject({ engages: z.boolean(), reason: z.string() }),
      handle: async ({ body }) => {
        const question = {
          text: body.text,
          assistantName: body.name,
          pattern: body.pattern,
          isMention: body.mention,
          isReplyToAssistant: body.reply,
          requiresTrigger: body.requires_trigger,
          particles: body.particles,
        };
        return { ...(await (await app.groups()).test(question, body.jid)) };
      },
    }),
    route({
      method: 'POST',
      path: '/groups/inject',
      action: 'group.manage',
      summary: 'Put a message in as if its platform had sent it',
      body: z.strictObject({
        jid,
        text,
        sender: z.string().min(1).max(200).describe("The sender's id on the platform"),
        name: z.string().max(200).optional(),
        direct: z.boolean().default(false),
        mention: z.boolean().default(false),
        id: z.string().max(200).optional().describe("The platform's id of the message; the same id is taken once"),
      }),
      result: z.object({ id: z.string() }),
      status: 202,
      handle: async ({ actor, body }) => {
        const message = {
          jid: body.jid,
          sender: { id: body.sender, name: body.name ?? body.sender },
          text: body.text,
          isDirect: body.direct,
          isMention: body.mention,
          externalId: body.id,
        };
        return { id: await (await app.groups()).inject(message, doerOf(actor)) };
      },
    }),
  ];
}
