import type { Queued } from './outbox.ts'
import { done, openBox, type Sealed, type SealedBox } from './sealed-box.ts'

/** Where waiting actions outlive a closed page: sealed (sealed-box.ts), or nowhere, and then the page says so. */
export interface QueueStore {
  /** False: what waits is lost when the page is closed. */
  readonly durable: boolean
  all(owner: string): Promise<Queued[]>
  put(owner: string, entry: Queued): Promise<void>
  drop(key: string): Promise<void>
}

interface Row extends Sealed {
  key: string
  owner: string
  at: number
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
  readonly #box: SealedBox

  constructor(box: SealedBox) {
    this.#box = box
  }

  async all(owner: string): Promise<Queued[]> {
    const rows = await done<Row[]>(this.#box.shelf('rows').getAll())
    const mine = rows.filter((row) => row.owner === owner).sort((a, b) => a.at - b.at)
    return Promise.all(mine.map(async (row) => unpack(await this.#box.unseal(row))))
  }

  async put(owner: string, entry: Queued): Promise<void> {
    const row: Row = { key: entry.key, owner, at: entry.at, ...(await this.#box.seal(await pack(entry))) }
    await done(this.#box.shelf('rows', 'readwrite').put(row))
  }

  async drop(key: string): Promise<void> {
    await done(this.#box.shelf('rows', 'readwrite').delete(key))
  }
}

const NOT_KEPT: QueueStore = {
  durable: false,
  all: async () => [],
  put: async () => undefined,
  drop: async () => undefined,
}

export async function openStore(): Promise<QueueStore> {
  const box = await openBox()
  return box ? new SealedStore(box) : NOT_KEPT
}
