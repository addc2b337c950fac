import { firms } from '#db/schema/places.ts'
import { may } from '#domain/access.ts'
import { POOL_COLUMNS, type PoolColumn, poolCells } from '#domain/pool-csv.ts'
import { isRefused, refused } from '#domain/refusal.ts'
import { carryOut } from '#server/commands.ts'
import type { Shop } from '#server/serving.ts'
import { quoted } from '#server/tickets/export.ts'
import * as wire from '#wire/routes/pool.ts'
import { rulingOf } from './community-queries.ts'
import { keepEntry, permitsPool } from './pool.ts'
import { planImport } from './pool-import.ts'
import { poolLines } from './pool-queries.ts'
import { announce, type Pending, pending } from './record.ts'

const BOM = '\uFEFF'

/** PV6: the pool comes and goes as a file. */
export function poolFileRoutes(shop: Shop): void {
  servePreview(shop)
  serveImport(shop)
  serveExport(shop)
}

function servePreview({ serve, db }: Shop): void {
  serve(wire.previewPoolImport, ({ tenant, reader, actor, now, body }) =>
    db.transaction(
      async (tx) => {
        if (!may(reader.grants, 'pool.import', { tenant })) return refused('notAllowed')
        const plan = await planImport(tx, body.csv, { tenant, actor, now }, false)
        return isRefused(plan) ? plan : plan.preview
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    ),
  )
}

function serveImport(shop: Shop): void {
  shop.serve(wire.importPool, async (ask) => {
    const { tenant, reader, actor, now, body } = ask
    const act = { tenant, actor, now }
    const answer = await carryOut(shop.db, ask.command, now, async (tx) => {
      if (!may(reader.grants, 'pool.import', { tenant })) return refused('notAllowed')
      const plan = await planImport(tx, body.csv, act, true)
      if (isRefused(plan)) return plan
      if (plan.preview.stamp !== body.stamp) return refused('previewStale')
      if (plan.firms.length > 0) await tx.insert(firms).values(plan.firms)
      const told: Pending[] = []
      for (const { before, after } of plan.entries)
        told.push(await keepEntry(tx, { before, after, kind: 'import', reason: null }, act))
      await announce(tx, pending(...told))
      return plan.preview
    })
    if (!isRefused(answer)) shop.wake(tenant)
    return answer
  })
}

function serveExport(shop: Shop): void {
  shop.serveRaw(wire.exportPool, async ({ tenant, reader }, _request, reply) => {
    const { calendar } = await rulingOf(shop.db, tenant)
    const lines = await poolLines(shop.db, tenant)
    const mine = lines.filter(({ entry }) => reader && permitsPool(reader, 'pool.export', entry))
    const columns = Object.keys(POOL_COLUMNS) as PoolColumn[]
    const rows = mine.map(({ entry, firm }) => {
      const cells = poolCells(entry, firm.name, calendar.dayOf)
      return columns.map((column) => cellOf(cells[column])).join(',')
    })
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="pool.csv"')
      .send(`${BOM}${[columns.join(','), ...rows].join('\r\n')}\r\n`)
  })
}

/** A negative longitude is a number and no formula. */
const cellOf = (text: string): string => (/^-?\d+(\.\d+)?$/.test(text) ? text : quoted(text))
