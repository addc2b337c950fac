import type { Queued } from './outbox.ts'

/**
 * Where waiting actions outlive a closed page. A note or a photo may tell of a resident, so nothing is kept in clear: each
 * entry is sealed with AES-GCM under a key that IndexedDB holds and no script can read out. Without a secure context
 * (plain http on another machine) there is no such key: then nothing is kept at all, and the page says so.
 */
export interface QueueStore {
  /** False: what waits is lost when the page is closed. */
  readonly durable: boolean
  all(owner: string): Promise<Queued[]>
  put(owner: string, entry: Queued): Promise<void>
  drop(key: string): Promise<void>
}

interface Row {
  key: string
  owner: string
  at: number
  iv: Uint8Array<ArrayBuffer>
  sealed: ArrayBuffer
}

const DATABASE = 'hongguan-outbox'
const ROWS = 'rows'
const KEYS = 'keys'

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(ROWS, { keyPath: 'key' })
    request.result.createObjectStore(KEYS)
  }
  return done(request)
}

async function sealingKey(db: IDBDatabase): Promise<CryptoKey> {
  const kept = await done<CryptoKey | undefined>(db.transaction(KEYS).objectStore(KEYS).get('aes'))
  if (kept) return kept
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  // `add` fails when another tab was first: then its key is the one.
  const store = db.transaction(KEYS, 'readwrite').objectStore(KEYS)
  await done(store.add(made, 'aes')).catch(() => undefined)
  return done<CryptoKey>(db.transaction(KEYS).objectStore(KEYS).get('aes'))
}

/** Length of the JSON, the JSON, then the photo's bytes. */
async function pack(entry: Queued): Promise<Uint8Array<ArrayBuffer>> {
  const { photo, ...rest } = entry
  const json = new TextEncoder().encode(JSON.stringify({ ...rest, photoType: photo?.type ?? null }))
  const picture = photo ? new Uint8Array(await photo.arrayBuffer()) : new Uint8Array()
  const packed = new Uint8Array(4 + json.length + picture.length)
  new DataView(packed.buffer).setUint32(0, json.length)
  packed.set(json, 4)
  packed.set(picture, 4 + json.length)
  return packed
}

function unpack(packed: ArrayBuffer): Queued {
  const length = new DataView(packed).getUint32(0)
  const { photoType, ...rest } = JSON.parse(new TextDecoder().decode(packed.slice(4, 4 + length)))
  return { ...rest, photo: photoType === null ? null : new Blob([packed.slice(4 + length)], { type: photoType }) }
}

class SealedStore implements QueueStore {
  readonly durable = true
  readonly #db: IDBDatabase
  readonly #key: CryptoKey

  constructor(db: IDBDatabase, key: CryptoKey) {
    this.#db = db
    this.#key = key
  }

  async all(owner: string): Promise<Queued[]> {
    const rows = await done<Row[]>(this.#db.transaction(ROWS).objectStore(ROWS).getAll())
    const mine = rows.filter((row) => row.owner === owner).sort((a, b) => a.at - b.at)
    return Promise.all(
      mine.map(async (row) =>
        unpack(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv }, this.#key, row.sealed)),
      ),
    )
  }

  async put(owner: string, entry: Queued): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.#key, await pack(entry))
    const row: Row = { key: entry.key, owner, at: entry.at, iv, sealed }
    await done(this.#db.transaction(ROWS, 'readwrite').objectStore(ROWS).put(row))
  }

  async drop(key: string): Promise<void> {
    await done(this.#db.transaction(ROWS, 'readwrite').objectStore(ROWS).delete(key))
  }
}

const NOT_KEPT: QueueStore = {
  durable: false,
  all: async () => [],
  put: async () => undefined,
  drop: async () => undefined,
}

export async function openStore(): Promise<QueueStore> {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return NOT_KEPT
  try {
    const db = await open()
    return new SealedStore(db, await sealingKey(db))
  } catch {
    // Private windows of some browsers have IndexedDB and refuse to open it.
    return NOT_KEPT
  }
}
