import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

/** Folders that hold what tools made, not what we wrote. */
const MADE = new Set(['node_modules', 'build', '.svelte-kit', 'paraglide', '.data'])

/** Every file below a folder of the project whose name ends so; paths as from the project's root. */
export function filesUnder(folder: string, endings: readonly string[]): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return MADE.has(entry.name) ? [] : filesUnder(path, endings)
    return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : []
  })
}

/** The JavaScript of a source file; of a component, its script blocks with the lines kept in place. */
export function codeOf(path: string): string {
  const text = readFileSync(path, 'utf8')
  if (!path.endsWith('.svelte')) return text
  const blocks = text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)
  return [...blocks].map((block) => block[1] ?? '').join('\n')
}

export interface Import {
  /** The importing file, as from the project's root. */
  from: string
  /** What it wrote. */
  said: string
  /** The file of ours it means, as from the root; null for a package. */
  means: string | null
  isType: boolean
}

export function importsOf(path: string): Import[] {
  const code = codeOf(path)
  const typeOnly = new Set(
    [...code.matchAll(/(?:import|export) type [^'"]*?from\s+['"]([^'"]+)['"]/g)].map((m) => m[1]),
  )
  const valued = new Set(
    [...code.matchAll(/(?:import|export) (?!type\b)[^'"]*?from\s+['"]([^'"]+)['"]/g)].map((m) => m[1]),
  )
  return ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => ({
    from: path,
    said: fileName,
    means: meaningOf(path, fileName),
    isType: typeOnly.has(fileName) && !valued.has(fileName),
  }))
}

function meaningOf(from: string, said: string): string | null {
  if (said.startsWith('#')) return said.slice(1)
  return said.startsWith('.') ? join(dirname(from), said) : null
}

/** A circle among the nodes of a graph, as the list of its members, or null when there is none. */
export function circleIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const done = new Set<string>()
  const walk = (node: string, path: string[]): string[] | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (done.has(node)) return null
    done.add(node)
    for (const next of graph.get(node) ?? []) {
      const circle = walk(next, [...path, node])
      if (circle) return circle
    }
    return null
  }
  for (const node of graph.keys()) {
    const circle = walk(node, [])
    if (circle) return circle
  }
  return null
}
