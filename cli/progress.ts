import { Presets, SingleBar } from 'cli-progress'

/** How far a long verb has come, on stderr so that stdout stays the result: a bar on a terminal, plain lines elsewhere. */
export interface Progress {
  at(count: number, note?: string): void
  end(): void
}

/** Lines of a log file or a pipe: no more than one in this time. */
const LINE_EVERY_MS = 5_000

export function startProgress(title: string, total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(title, total, stream) : lines(title, total, stream)
}

function bar(title: string, total: number, stream: NodeJS.WriteStream): Progress {
  const format = `${title} {bar} {percentage} % {value}/{total} {note}`
  const single = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: false }, Presets.shades_classic)
  single.start(total, 0, { note: '' })
  return { at: (count, note = '') => single.update(count, { note }), end: () => single.stop() }
}

function lines(title: string, total: number, stream: NodeJS.WriteStream): Progress {
  let saidAt = Number.NEGATIVE_INFINITY
  let last = { count: 0, note: '' }
  let said = -1
  const say = () => {
    said = last.count
    stream.write(`${title} ${last.count}/${total}${last.note ? ` ${last.note}` : ''}\n`)
  }
  return {
    at: (count, note = '') => {
      last = { count, note }
      if (performance.now() - saidAt < LINE_EVERY_MS) return
      saidAt = performance.now()
      say()
    },
    end: () => {
      if (said !== last.count) say()
    },
  }
}
