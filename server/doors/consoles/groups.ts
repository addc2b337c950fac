import type { Grant } from '#domain/access.ts'

/** The sockets of a tenant that see the same, as one. */
export interface Group {
  tenant: string
  key: string
  grants: readonly Grant[]
  sockets: number
}

/** Which groups have a socket open. */
export class Groups {
  readonly #byTenant = new Map<string, Map<string, Group>>()

  of(tenant: string): Iterable<Group> {
    return this.#byTenant.get(tenant)?.values() ?? []
  }

  get tenants(): Iterable<string> {
    return this.#byTenant.keys()
  }

  enter(tenant: string, key: string, grants: readonly Grant[]): Group {
    const here = this.#byTenant.get(tenant) ?? new Map<string, Group>()
    this.#byTenant.set(tenant, here)
    const group = here.get(key) ?? { tenant, key, grants, sockets: 0 }
    here.set(key, group)
    group.sockets++
    return group
  }

  leave({ tenant, key }: Group): void {
    const here = this.#byTenant.get(tenant)
    const group = here?.get(key)
    if (!here || !group) return
    group.sockets--
    if (group.sockets === 0) here.delete(key)
    if (here.size === 0) this.#byTenant.delete(tenant)
  }
}
