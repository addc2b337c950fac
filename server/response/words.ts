import type { DuckDBConnection } from '@duckdb/node-api'

/** The copy's dictionary: codes and ids are compared and grouped as numbers. Numbers once given stay. */
export interface Words {
  idOf(word: string | null): number | null
  /** Of a filter: -1 where no ticket ever bore the word. */
  find(word: string): number
  wordOf(id: number): string
  /** Writes down what is new; before the rows that use it are committed. */
  keep(): Promise<void>
}

export async function openWords(connection: DuckDBConnection): Promise<Words> {
  const reader = await connection.runAndReadAll('select word from words order by id')
  const words = reader.getRows().map(([word]) => String(word))
  const ids = new Map(words.map((word, id) => [word, id]))
  let kept = words.length
  let keeping: Promise<void> = Promise.resolve()

  const keepNew = async () => {
    const until = words.length
    if (until === kept) return
    const appender = await connection.createAppender('words')
    for (let id = kept; id < until; id++) {
      appender.appendInteger(id)
      appender.appendVarchar(words[id] as string)
      appender.endRow()
    }
    appender.closeSync()
    kept = until
  }
  return {
    idOf: (word) => {
      if (word === null) return null
      let id = ids.get(word)
      if (id === undefined) {
        id = words.push(word) - 1
        ids.set(word, id)
      }
      return id
    },
    find: (word) => ids.get(word) ?? -1,
    wordOf: (id) => words[id] ?? '',
    keep: () => {
      keeping = keeping.then(keepNew, keepNew)
      return keeping
    },
  }
}
