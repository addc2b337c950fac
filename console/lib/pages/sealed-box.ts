/**
 * What this browser keeps of the field page. It may tell of a resident, so nothing is kept in clear: each value is sealed
 * with AES-GCM under a key that IndexedDB holds and no script can read out. Without a secure context (plain http on another
 * machine) there is no such key: then nothing is kept at all.
 */
const DATABASE = 'hongguan-outbox'
const KEYS = 'keys'
const SHELVES = ['rows', 'pages'] as const
export type Shelf = (typeof SHELVES)[number]

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>
  sealed: ArrayBuffer
}

export const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

export class SealedBox {
  readonly #db: IDBDatabase
  readonly #key: CryptoKey

  constructor(db: IDBDatabase, key: CryptoKey) {
    this.#db = db
    this.#key = key
  }

  shelf(name: Shelf, mode: IDBTransactionMode = 'readonly'): IDBObjectStore {
    return this.#db.transaction(name, mode).objectStore(name)
  }

  async seal(bytes: Uint8Array<ArrayBuffer>): Promise<Sealed> {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    return { iv, sealed: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.#key, bytes) }
  }

  unseal({ iv, sealed }: Sealed): Promise<ArrayBuffer> {
    return crypto.subtle.decrypt({ name: 'AES-GCM', iv }, this.#key, sealed)
  }
}

let opened: Promise<SealedBox | null> | undefined

/** One for the page; null where nothing can be kept. */
export const openBox = (): Promise<SealedBox | null> => {
  opened ??= openAnew()
  return opened
}

async function openAnew(): Promise<SealedBox | null> {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return null
  try {
    const db = await open()
    return new SealedBox(db, await sealingKey(db))
  } catch {
    // Private windows of some browsers have IndexedDB and refuse to open it.
    return null
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 2)
  request.onupgradeneeded = () => {
    const { objectStoreNames: has } = request.result
    if (!has.contains(KEYS)) request.result.createObjectStore(KEYS)
    for (const shelf of SHELVES) if (!has.contains(shelf)) request.result.createObjectStore(shelf, { keyPath: 'key' })
  }
  // A page of the next version must not wait for this one to be closed.
  return done(request).then((db) => Object.assign(db, { onversionchange: () => closeFor(db) }))
}

function closeFor(db: IDBDatabase): void {
  db.close()
  opened = undefined
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
