import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { basename, extname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { circleIn, codeOf, filesUnder, type Import, importsOf } from './support/tree.ts'

/** The rooms, and what each may import besides itself (DESIGN §2). */
const MAY: Record<string, readonly string[]> = {
  domain: [],
  wire: ['domain'],
  planning: ['domain'],
  db: ['domain'],
  server: ['db', 'wire', 'planning', 'domain'],
  console: ['wire', 'domain', 'planning'],
  cli: ['server', 'db', 'wire', 'planning', 'domain'],
  tests: ['domain', 'wire', 'planning', 'db', 'server', 'console', 'cli', 'bench'],
  bench: ['domain', 'wire', 'planning', 'db', 'server', 'console', 'cli', 'tests'],
}
const ROOMS = Object.keys(MAY)
const NOUNS =
  'places fleet cover studies tickets dispatch engagements roster response programme people intake notify'.split(' ')
const SERVER_FOLDERS = [...NOUNS, 'feed', 'engine', 'doors', 'solver']

const CODE = ['.ts', '.mjs', '.svelte']
const built = ROOMS.filter((room) => existsSync(room))
const files = built.flatMap((room) => filesUnder(room, CODE))
const imports = files.flatMap(importsOf)
const ours = imports.filter((one): one is Import & { means: string } => one.means !== null)

const roomOf = (path: string) => path.split('/')[0] ?? ''
const folderOf = (path: string) => path.split('/')[1] ?? ''
const told = (one: Import) => `${one.from} imports ${one.said}`
const inServer = (path: string) => roomOf(path) === 'server'
const isNoun = (path: string) => inServer(path) && NOUNS.includes(folderOf(path))

describe('rooms', () => {
  test('the top level holds the known rooms and configuration files, nothing else', () => {
    const folders = readdirSync('.', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
    const known = [...ROOMS, 'docs', '.ci', '.git', 'node_modules', '.data']
    expect(folders.filter((folder) => !known.includes(folder))).toEqual([])
  })

  test('every import points in a permitted direction', () => {
    const wrong = ours.filter(({ from, means }) => {
      const [here, there] = [roomOf(from), roomOf(means)]
      return here !== there && !(MAY[here] ?? []).includes(there)
    })
    expect(wrong.map(told)).toEqual([])
  })

  test('the console takes types only from planning/', () => {
    const wrong = ours.filter(
      ({ from, means, isType }) => roomOf(from) === 'console' && roomOf(means) === 'planning' && !isType,
    )
    expect(wrong.map(told)).toEqual([])
  })

  test('an import is ./path within its folder and #room/path anywhere else', () => {
    // Set-up runs before the packages that `#` paths could be relied on with, so it may look up its own room.
    const wrong = ours.filter(({ from, said }) => said.startsWith('../') && !from.endsWith('.mjs'))
    expect(wrong.map(told)).toEqual([])
  })

  test('every import of ours says the extension and means a file that exists', () => {
    const isMade = (path: string) => path.includes('/paraglide/') || basename(path) === '$types.js'
    const wrong = ours.filter(
      ({ means }) => !isMade(means) && (extname(means) === '' || !existsSync(means.split('?')[0] ?? '')),
    )
    expect(wrong.map(told)).toEqual([])
  })
})

describe('server', () => {
  test('holds app.ts, other single files, and the known folders', () => {
    if (!existsSync('server')) return
    const folders = readdirSync('server', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
    expect(folders.filter((folder) => !SERVER_FOLDERS.includes(folder))).toEqual([])
  })

  test('doors know no nouns', () => {
    const wrong = ours.filter(({ from, means }) => inServer(from) && folderOf(from) === 'doors' && isNoun(means))
    expect(wrong.map(told)).toEqual([])
  })

  test('nouns know no doors and not app.ts', () => {
    const isDoor = (path: string) => inServer(path) && ['doors', 'app.ts'].includes(folderOf(path))
    expect(ours.filter(({ from, means }) => isNoun(from) && isDoor(means)).map(told)).toEqual([])
  })

  test('imports among nouns have no circle', () => {
    const graph = new Map<string, Set<string>>(NOUNS.map((noun) => [noun, new Set()]))
    for (const { from, means } of ours) {
      if (isNoun(from) && isNoun(means) && folderOf(from) !== folderOf(means))
        graph.get(folderOf(from))?.add(folderOf(means))
    }
    expect(circleIn(graph)).toBeNull()
  })
})

describe('purity', () => {
  const pure = files.filter((path) => ['domain', 'planning'].includes(roomOf(path)))
  const HIDDEN =
    /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bMath\.random\b|\bprocess\s*[.[]|\bperformance\.now\b|\bcrypto\s*\./
  const BROWSER = /\b(?:window|document|localStorage|sessionStorage|fetch|setTimeout|setInterval)\b\s*[.([]/

  test('domain/ and planning/ take the clock, chance and surroundings as arguments', () => {
    const wrong = pure.flatMap((path) => linesMatching(path, HIDDEN))
    expect(wrong).toEqual([])
  })

  test('domain/ touches neither Node nor a browser nor a timer', () => {
    const domain = pure.filter((path) => roomOf(path) === 'domain')
    expect(domain.flatMap((path) => linesMatching(path, BROWSER))).toEqual([])
    expect(imports.filter(({ from, said }) => roomOf(from) === 'domain' && said.startsWith('node:')).map(told)).toEqual(
      [],
    )
  })
})

/** `file:line text` of the lines of code that match; comments are not code. */
function linesMatching(path: string, pattern: RegExp): string[] {
  const code = codeOf(path).replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
  return code.split('\n').flatMap((line, index) => {
    const bare = line.replace(/(^|\s)\/\/.*$/, '')
    return pattern.test(bare) ? [`${path}:${index + 1} ${line.trim()}`] : []
  })
}

describe('type stripping', () => {
  test('every .ts file that Node runs keeps to syntax that can be erased', () => {
    const wrong = files.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !strips(path))
    expect(wrong).toEqual([])
  })
})

function strips(path: string) {
  try {
    stripTypeScriptTypes(readFileSync(path, 'utf8'), { mode: 'strip' })
    return true
  } catch {
    return false
  }
}
