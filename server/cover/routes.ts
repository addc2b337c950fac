import type { Shop } from '#server/serving.ts'
import * as wire from '#wire/routes/cover.ts'
import type { LiveCover } from './cover.ts'

export function coverRoutes({ serve, cover }: Shop & { cover: LiveCover }): void {
  serve(wire.liveCover, ({ tenant, query }) => cover.state(tenant, query.skill ?? null))
  serve(wire.coverMoves, ({ tenant, query }) => cover.moves(tenant, query.skill ?? null))
}
