// Everything in cli/setup runs before the packages are there, so it is plain JavaScript for the host's Node 20.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The project's own Node, a package like any other: whatever the host has, this is what runs. */
export const NODE = join(ROOT, 'node_modules', '.bin', 'node')

const BIN = join(ROOT, 'node_modules', '.bin')

/** PATH with the project's own programs first, so that a child that says `node` gets ours. */
export function ownPath() {
  return { ...process.env, PATH: [BIN, ...foreignPath()].join(delimiter) }
}

/** The directories of PATH outside the project: where the host's own programs are. */
export function foreignPath() {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && !folder.startsWith(BIN))
}

/** The first of these programs that PATH offers outside the project, or null. */
export function hostProgram(...names) {
  for (const name of names) {
    for (const folder of foreignPath()) if (existsSync(join(folder, name))) return join(folder, name)
  }
  return null
}

/** Becomes `node file ...args` under the project's Node: signals, exit status and terminal are the program's own. */
export function become(file, args) {
  const argv = [NODE, join(ROOT, file), ...args]
  // Node 22.15 and later can replace the process; then there is nothing in between to pass signals through.
  if (process.execve) process.execve(NODE, argv, definedOnly(ownPath()))
  // In a group of its own, so that Ctrl-C reaches the program once (from here) and not twice.
  const child = spawn(NODE, argv.slice(1), { stdio: 'inherit', detached: true, env: ownPath() })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`cannot run ${NODE}: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

/** Runs a program and gathers what it prints; never throws, a program that cannot start is a failed one. It does not outlive us. */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(program, args, { cwd: ROOT, env: ownPath(), ...options })
    const stop = () => child.kill()
    process.on('exit', stop)
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => resolve({ ok: false, code: null, output: error.message }))
    child.on('close', (code) => {
      process.off('exit', stop)
      resolve({ ok: code === 0, code, output })
    })
  })
}

export function fail(why) {
  process.stderr.write(`${why}\n`)
  process.exit(1)
}

const definedOnly = (env) => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined))
