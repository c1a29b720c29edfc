import { defineTool, z } from 'claw/tool';

/** Programs that write a picture of the screen, with their arguments before the file's name. */
const PROGRAMS: Record<string, string[]> = {
  screencapture: ['-x'],
  grim: [],
  'gnome-screenshot': ['-f'],
  scrot: [],
  maim: [],
  import: ['-window', 'root'],
};

export default defineTool({
  name: 'screen_capture',
  description: "Saves a picture of this machine's screen as a new PNG in the workspace.",
  input: z.object({
    name: z.string().min(5).max(100).default('screen.png').describe('File name.'),
  }),
  permissions: {
    files: [{ folder: 'workspace', mode: 'write' }],
    exec: ['screencapture', 'grim', 'gnome-screenshot', 'scrot', 'maim', 'import'],
  },
  parallel: false,
  async run({ name }, ctx) {
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*\.png$/.test(name))
      throw new Error('the name is to be plain letters, digits, _, . and -, and to end in .png');
    const taken = await ctx.files.list('.').catch(() => []);
    if (taken.some((entry) => entry.name === name)) throw new Error(`${name} exists already; choose another name`);
    const failures: string[] = [];
    for (const [program, args] of Object.entries(PROGRAMS)) {
      try {
        const { code, stderr } = await ctx.exec(program, [...args, `./${name}`]);
        if (code === 0) return `Saved the screen as ${name}.`;
        failures.push(`${program}: ${stderr.trim().slice(0, 200)}`);
      } catch (error) {
        if (!String(error).includes('is not installed')) throw error;
      }
    }
    if (failures.length > 0) throw new Error(`the screen could not be captured; ${failures.join('; ')}`);
    throw new Error(
      `no program to capture the screen is installed; install one of ${Object.keys(PROGRAMS).join(', ')}`,
    );
  },
});
