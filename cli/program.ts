import { Command, CommanderError } from 'commander'
import { EXIT } from './outcome.ts'

interface Verb {
  summary: string
  /** Loaded only when it is the one that was typed: `start` must not wait for what it does not use. */
  load: () => Promise<Command>
}

const VERBS: Record<string, Verb> = {
  start: {
    summary: 'start the server with its database (what `npm start` does)',
    load: async () => (await import('./verbs/start.ts')).startCommand(),
  },
  migrate: {
    summary: 'bring the database to the newest schema',
    load: async () => (await import('./verbs/migrate.ts')).migrateCommand(),
  },
  tenant: {
    summary: 'add a city from its configuration file, or list the cities',
    load: async () => (await import('./verbs/tenant.ts')).tenantCommand(),
  },
  user: {
    summary: 'add an account',
    load: async () => (await import('./verbs/user.ts')).userCommand(),
  },
  device: {
    summary: 'bind a phone or tracker to a unit',
    load: async () => (await import('./verbs/device.ts')).deviceCommand(),
  },
  import: {
    summary: 'import places, units or tickets from a file',
    load: async () => (await import('./verbs/import.ts')).importCommand(),
  },
  export: {
    summary: 'export tickets as CSV',
    load: async () => (await import('./verbs/export.ts')).exportCommand(),
  },
  replay: {
    summary: 'drive a running server with recorded positions and reports',
    load: async () => (await import('./verbs/replay.ts')).replayCommand(),
  },
  simulate: {
    summary: 'move the synthetic units of a city and report its tickets (what the demo runs)',
    load: async () => (await import('./verbs/simulate.ts')).simulateCommand(),
  },
  solve: {
    summary: 'solve a planning problem from a file, with a proven bound',
    load: async () => (await import('./verbs/solve.ts')).solveCommand(),
  },
  verify: {
    summary: 'compute a draw among providers again',
    load: async () => (await import('./verbs/verify.ts')).verifyCommand(),
  },
}

const AFTER_HELP = `
Exit status: 0 done, 1 refused or failed, 2 bad usage.
Environment: HONGGUAN_DATA (data folder, .data beside the program unless set), DATABASE_URL (a PostgreSQL of your own instead of
the embedded one). A verb typed beside a running server works on that server's database.`

/** Runs one command line to its end and answers the exit status. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const program = new Command('hongguan')
    .description('The control room of a city: tickets under the 5341 promise, units live on a map.')
    .showHelpAfterError('(add --help for the options)')
    // A verb with sub-verbs takes the words as they were typed, not sorted into options and others.
    .enablePositionalOptions()
    .addHelpText('after', AFTER_HELP)
  const typed = argv.find((word) => !word.startsWith('-') && word !== 'help') ?? ''
  for (const [name, { summary, load }] of Object.entries(VERBS))
    program.addCommand(name === typed ? (await load()).name(name).summary(summary) : new Command(name).summary(summary))
  strictly(program)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return Number(process.exitCode ?? EXIT.done)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    process.stderr.write(
      `${error instanceof Error ? (process.env.HONGGUAN_DEBUG ? error.stack : error.message) : error}\n`,
    )
    return EXIT.failed
  }
}

/** Commander ends the process by itself unless each command is told to throw instead; then every misuse is status 2. */
function strictly(command: Command): void {
  command.exitOverride().allowExcessArguments(false)
  for (const child of command.commands) strictly(child)
}
