import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { placeOf } from '#db/embedded.ts'
import { ROOT } from './root.ts'

/** Folder of this installation: its Postgres, its secrets, the address of its running server. */
export const askedDataFolder = (): string => resolve(process.env.HONGGUAN_DATA || join(ROOT, '.data'))

/** A running server's card in its data folder, so that a command typed beside it finds the door. */
export interface ServerCard {
  url: string
  pid: number
}

const cardPath = (dataDir: string) => join(dataDir, 'server.json')

export function leaveCard(dataDir: string, url: string): () => void {
  writeFileSync(cardPath(dataDir), JSON.stringify({ url, pid: process.pid } satisfies ServerCard))
  return () => rmSync(cardPath(dataDir), { force: true })
}

/** The server running on this installation, or null: a card whose process is gone was left by a kill. */
export function runningServer(dataDir = placeOf(askedDataFolder())): ServerCard | null {
  if (!existsSync(cardPath(dataDir))) return null
  const card = readCard(cardPath(dataDir))
  return card && isAlive(card.pid) ? card : null
}

function readCard(path: string): ServerCard | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ServerCard
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
