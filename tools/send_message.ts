import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'send_message',
  description:
    'Sends a message or workspace file to a chat at once: news while you work, or to another chat. Your answer is sent by itself.',
  input: z.object({
    text: z.string().max(20_000).optional().describe('Markdown.'),
    file: z.string().max(1000).optional().describe('Workspace path.'),
    chat: z.string().max(100).optional().describe('tg:123; default: this chat.'),
  }),
  permissions: { host: ['send'] },
  parallel: false,
  async run({ text, file, chat }, ctx) {
    if (text === undefined && file === undefined) throw new Error('give a text, a file, or both');
    const question = {
      text: text ?? '',
      ...(file === undefined ? {} : { file }),
      ...(chat === undefined ? {} : { chat }),
    };
    const { queued, chat: to } = (await ctx.host('send').call('message', question)) as {
      queued: string[];
      chat: string | null;
    };
    if (to === null) return 'There was nothing to send.';
    return `Queued for ${to} as ${queued.join(', ')}; it is delivered as soon as the platform takes it.`;
  },
});
