import type { Static } from 'typebox'
import type { Grant } from '#domain/access.ts'
import * as wire from '#wire/routes/people.ts'
import { addAccount, disableAccount, enableAccount, resetPassword, setGrants } from './accounts.ts'
import { accountsIn, grantsOf, userById } from './queries.ts'
import { sessionRoutes } from './session-routes.ts'
import type { PeopleShop } from './shop.ts'

export function peopleRoutes(shop: PeopleShop): void {
  sessionRoutes(shop)
  accountRoutes(shop)
}

const grantIn = (tenant: string, given: Static<typeof wire.GrantInput>): Grant => ({
  tenant,
  role: given.role,
  districtCode: given.districtCode ?? null,
  subdistrictCode: given.subdistrictCode ?? null,
  neighbourhoodCode: given.neighbourhoodCode ?? null,
  firmId: given.firmId ?? null,
  unitId: given.unitId ?? null,
  ticketId: null,
})

function accountRoutes({ db, serve, version, rightsChanged }: PeopleShop): void {
  serve(wire.me, async ({ reader, now }) => {
    const { userId, username, displayName, tenant } = reader
    const user = await userById(db, userId)
    return {
      userId,
      username,
      displayName,
      tenant,
      grants: await grantsOf(db, userId),
      secondFactor: user?.twoFactorEnabled ?? false,
      version,
      now,
    }
  })

  serve(wire.accounts, ({ tenant }) => accountsIn(db, tenant))

  serve(wire.addAccount, ({ command, tenant, body, now }) =>
    addAccount(db, command, { ...body, grant: grantIn(tenant, body.grant) }, now),
  )

  serve(wire.setGrants, async ({ command, tenant, params, body, now }) => {
    const next = body.grants.map((grant) => grantIn(tenant, grant))
    const answer = await setGrants(db, command, params.id, next, now)
    if (answer.ok) rightsChanged(params.id)
    return answer
  })

  serve(wire.disableAccount, async ({ command, params, now }) => {
    const answer = await disableAccount(db, command, params.id, now)
    if (answer.ok) rightsChanged(params.id)
    return answer
  })

  serve(wire.enableAccount, ({ command, params, now }) => enableAccount(db, command, params.id, now))

  serve(wire.resetPassword, async ({ command, params, body, now }) => {
    const answer = await resetPassword(db, command, params.id, body.password, now)
    if (answer.ok) rightsChanged(params.id)
    return answer
  })
}
