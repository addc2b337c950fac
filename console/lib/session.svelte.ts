import { call, onSignedOut, type Refusal, speakForTenant } from '#console/lib/api.ts'
import { type Action, mayEver, type Role } from '#domain/access.ts'
import { type Me, me as meRoute, signOut as signOutRoute } from '#wire/routes/people.ts'
import { type TenantFace, tenants as tenantsRoute } from '#wire/routes/places.ts'
import { locale } from './locale.svelte.ts'
import { forgetKeptPage } from './pages/kept-page.ts'
import { Persisted } from './persisted.svelte.ts'
import { serverTime } from './server-time.svelte.ts'

const LOAD_WITHIN_MS = 10_000

/** Who is signed in here, in which tenant, and what the pages may therefore offer. The server decides again at every call. */
class Session {
  #me: Me | null = $state.raw(null)
  #face: TenantFace | null = $state.raw(null)
  #faces: TenantFace[] = $state.raw([])
  #tenant = new Persisted<string | null>('tenant', null)
  #isKept = $state(false)

  get me(): Me | null {
    return this.#me
  }

  /** The city as its pages show it: name, box, time zone, emergency numbers, tiles. */
  get tenant(): TenantFace | null {
    return this.#face
  }

  /** Nobody has confirmed it since the page was opened: it was opened without network. */
  get isKept(): boolean {
    return this.#isKept
  }

  /** Every tenant in which this account has a grant. */
  get tenants(): TenantFace[] {
    const mine = new Set(this.#me?.grants.map((grant) => grant.tenant))
    return this.#faces.filter((face) => mine.has(face.code))
  }

  /** Every tenant of this server: what pages without an account choose from. */
  get allTenants(): TenantFace[] {
    return this.#faces
  }

  get roles(): Role[] {
    return this.#me?.grants.filter((grant) => grant.tenant === this.#me?.tenant).map((grant) => grant.role) ?? []
  }

  /** Whether a button for it makes sense at all. */
  can(action: Action): boolean {
    return this.#me !== null && mayEver(this.#me.grants, action, this.#me.tenant)
  }

  /** Reads who is signed in; a refusal (`notSignedIn`) leaves the session empty. */
  async load(): Promise<{ ok: true; answer: Me } | Refusal> {
    speakForTenant(this.#tenant.current)
    // A tunnel stalls rather than refuses: a page must not wait for it for ever.
    const faces = await call(tenantsRoute, { signal: AbortSignal.timeout(LOAD_WITHIN_MS) })
    if (!faces.ok) return faces
    this.#faces = faces.answer
    let told = await call(meRoute, { signal: AbortSignal.timeout(LOAD_WITHIN_MS) })
    if (!told.ok && told.why === 'notAllowed' && this.#tenant.current) {
      // The remembered tenant is another account's: start again with the account's own.
      speakForTenant(null)
      told = await call(meRoute, {})
    }
    if (told.ok) this.#enter(told.answer)
    else if (told.why !== 'unreachable' || !this.#isKept) this.#me = null
    return told
  }

  /** Without network: as it was when this browser last asked. The server decides at every call all the same. */
  enterKept(me: Me, face: TenantFace): void {
    this.#isKept = true
    this.#me = me
    this.#face = face
    speakForTenant(me.tenant)
  }

  /** Speaks for another of the account's tenants from here on; the pages reload to start clean. */
  switchTenant(code: string): void {
    this.#tenant.current = code
    location.reload()
  }

  async signOut(): Promise<void> {
    await call(signOutRoute, {})
    this.#me = null
    await forgetKeptPage().catch(() => undefined)
    location.assign('/login')
  }

  clear(): void {
    this.#me = null
    void forgetKeptPage().catch(() => undefined)
  }

  #enter(me: Me): void {
    this.#isKept = false
    this.#me = me
    this.#tenant.current = me.tenant
    speakForTenant(me.tenant)
    serverTime.learn(me.now)
    this.#face = this.#faces.find((face) => face.code === me.tenant) ?? null
    if (this.#face) locale.suggest(this.#face.locale)
  }
}

export const session = new Session()
onSignedOut(() => session.clear())
