import { DEMO_PASSWORD } from '#db/demo/accounts.ts'
import type { ShownAccount } from './demo.ts'

export interface Banner {
  address: string
  dataDir: string
  tenants: { code: string; name: { zh: string; en: string } }[]
  accounts: ShownAccount[]
  simulated: string | null
  tookOver: boolean
  clock: { from: number; speed: number } | null
}

/** What a person needs after a start, and nothing else. */
export function bannerLines(banner: Banner): string[] {
  const { address, dataDir, tenants, accounts, simulated, tookOver, clock } = banner
  const lines = ['', '  红管 Hongguan is ready', '', `  address   ${address}`, `  data      ${dataDir}`]
  lines.push(
    ...tenants.map(({ code, name }, i) => `  ${i === 0 ? 'cities' : '      '}    ${code}  ${name.zh} ${name.en}`),
  )
  if (tenants.length === 0) lines.push('  cities    none yet: npx hongguan tenant add FILE, then npx hongguan user add')
  if (simulated) lines.push(`  simulator ${simulated}: made-up units and reports, marked synthetic`)
  if (clock) lines.push(`  clock     runs from ${new Date(clock.from).toISOString()} at ${clock.speed} × real speed`)
  if (tookOver) lines.push('  database  was left running by a killed server; restarted with everything in it')
  if (accounts.length > 0) lines.push('', `  demo accounts, password ${DEMO_PASSWORD}`, ...accounts.map(accountLine))
  return [...lines, '', '  Ctrl-C stops the server and its database.', '']
}

const accountLine = ({ username, displayName, role }: ShownAccount) =>
  `    ${username.padEnd(14)} ${role.padEnd(20)} ${displayName}`
