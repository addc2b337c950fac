/** A party's value between its hash and its revealing: on this device alone, or the hash would be worth nothing. */
const keyOf = (selectionId: string, party: string) => `hongguan.draw.${selectionId}.${party}`

export const keptValue = (selectionId: string, party: string): string | null =>
  localStorage.getItem(keyOf(selectionId, party))

export const keepValue = (selectionId: string, party: string, value: string): void =>
  localStorage.setItem(keyOf(selectionId, party), value)

/** 128 random bits: nobody finds them from their hash. */
export const newValue = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
