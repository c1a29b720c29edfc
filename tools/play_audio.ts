import { defineTool, z } from 'claw/tool';

/** Programs that play a file and end, with their arguments before its name. */
const PLAYERS: Record<string, string[]> = {
  ffplay: ['-nodisp', '-autoexit', '-loglevel', 'error'],
  mpv: ['--no-video', '--really-quiet', '--no-config'],
  'pw-play': [],
  paplay: [],
  afplay: [],
  aplay: ['-q'],
};

export default defineTool({
  name: 'play_audio',
  description: 'Plays a sound file of the workspace on the speakers.',
  input: z.object({
    path: z.string().min(1).max(4096).describe('mp3, wav, ogg, opus, flac, m4a or aac.'),
  }),
  permissions: {
    files: [{ folder: 'workspace', mode: 'read' }],
    exec: ['ffplay', 'mpv', 'pw-play', 'paplay', 'afplay', 'aplay'],
  },
  parallel: false,
  async run({ path }, ctx) {
    if (!/\.(mp3|wav|ogg|oga|opus|flac|m4a|aac)$/i.test(path))
      throw new Error(`${path} is no sound file of a known kind`);
    // Asking for a byte of it makes claw check that it may be read at all.
    await ctx.files.read(path, { offset: 0, limit: 1 });
    for (const [player, args] of Object.entries(PLAYERS)) {
      try {
        const { code, stderr } = await ctx.exec(player, [...args, `./${path}`]);
        if (code === 0) return `Played ${path}.`;
        throw new Error(`${player} could not play ${path}: ${stderr.trim().slice(0, 300)}`);
      } catch (error) {
        if (!String(error).includes('is not installed')) throw error;
      }
    }
    throw new Error(`no program to play sound is installed; install one of ${Object.keys(PLAYERS).join(', ')}`);
  },
});
