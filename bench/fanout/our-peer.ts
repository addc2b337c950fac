import { systemClock } from '#server/clock.ts'
import type { ConsoleDesk } from '#server/doors/consoles/desk.ts'
import { openConsoleDoor } from '#server/doors/consoles/door.ts'
import { routeUpgrades } from '#server/doors/upgrade.ts'
import { fleetAudience } from '#server/fleet/audience.ts'
import { realTicker } from '#server/ticker.ts'
import type { OpenPeer } from './server.ts'
import { TENANT } from './world.ts'

const GRANTS = [
  {
    tenant: TENANT,
    role: 'dispatcher' as const,
    districtCode: null,
    subdistrictCode: null,
    neighbourhoodCode: null,
    firmId: null,
    unitId: null,
    ticketId: null,
  },
]
const ACCOUNT = { username: '', displayName: '', grants: GRANTS, by: 'session' as const, renewed: [] }

/** The product's own door and fan-out; only the account behind each console is made up. */
export const openOurPeer: OpenPeer = (server, live, world) => {
  const tenant = live.tenant(TENANT)
  const audience = fleetAudience(GRANTS, TENANT)
  if (!tenant || !audience) throw new Error('nobody to watch')
  const recorded: Uint8Array[][] = world.windows.map(() => [])
  let joined = 0
  const desk: ConsoleDesk = {
    identify: async () => ({ ...ACCOUNT, userId: 'bench' }),
    version: 'bench',
    watchFleet: (_grants, _tenant, sink) => {
      // Consoles join in the order of their windows; keeping a reference to what is sent costs nothing.
      const kept = recorded[joined++]
      return tenant.fanOut.join(audience, {
        isWritable: sink.isWritable,
        send: (frame) => {
          kept?.push(frame)
          sink.send(frame)
        },
      })
    },
    watchCover: () => null,
    enter: () => undefined,
    leave: () => undefined,
    reachChanges: () => [],
    position: () => ({ epoch: 'bench', seq: 0 }),
    truth: (_tenant, now) => ({
      ...live.counts(TENANT, now),
      now,
      epoch: 'bench',
      seq: 0,
      lastEventAt: null,
      engineAt: now,
      publishLagMs: null,
    }),
  }
  const door = openConsoleDoor({ desk, clock: systemClock, ticker: realTicker, allowedOrigins: [] })
  routeUpgrades(server, [door.upgrades])
  return { moved: (seat) => tenant.city.place(seat), tick: (now) => tenant.fanOut.tick(now), recorded: () => recorded }
}
