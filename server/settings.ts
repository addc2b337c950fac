/** One thing an operator may set from outside. The README prints this list, and nothing reads the environment but what is here. */
export interface Setting {
  name: string
  /** As it would be written in the environment; '' = unset. */
  default: string
  meaning: string
}

export const SETTINGS = [
  {
    name: 'HONGGUAN_HOST',
    default: '127.0.0.1',
    meaning: 'address to listen on; `0.0.0.0` lets phones and other machines in',
  },
  { name: 'HONGGUAN_PORT', default: '8080', meaning: 'port to listen on; `0` takes any free one' },
  {
    name: 'HONGGUAN_ORIGIN',
    default: '',
    meaning:
      'how pages reach the server, e.g. `https://red.example.org`; several with commas, the first is used in links',
  },
  {
    name: 'HONGGUAN_TRUST_PROXY',
    default: '',
    meaning:
      'addresses of the proxies in front, with commas (`loopback`, `10.0.0.0/8`, …); only what they forward is believed',
  },
  {
    name: 'HONGGUAN_TLS_CERT',
    default: '',
    meaning: 'certificate file (PEM), when the server itself is to speak HTTPS; set together with the key',
  },
  { name: 'HONGGUAN_TLS_KEY', default: '', meaning: 'key file (PEM) of that certificate' },
  { name: 'HONGGUAN_DATA', default: '.data', meaning: 'folder of the embedded database, the secret and the log' },
  { name: 'DATABASE_URL', default: '', meaning: 'a PostgreSQL 15 or later to use instead of the embedded one' },
  { name: 'HONGGUAN_DEMO', default: '1', meaning: '`0`: no demo city and no simulator on the first run' },
  {
    name: 'HONGGUAN_SECRET',
    default: '',
    meaning: 'at least 32 characters that sign sessions; made and kept in the data folder when unset',
  },
  {
    name: 'HONGGUAN_SESSION_HOURS',
    default: '14',
    meaning: 'hours after which an unused session ends; a shift and its hand-over',
  },
  {
    name: 'HONGGUAN_METRICS_KEY',
    default: '',
    meaning: 'lets a scraper on another machine read `/metrics` with `Authorization: Bearer KEY`',
  },
  {
    name: 'HONGGUAN_TILE_SOURCES',
    default: '',
    meaning: 'JSON file with map tile sources for every tenant (docs/examples/tile-sources.json)',
  },
  {
    name: 'HONGGUAN_OPEN311_KEYS',
    default: '0',
    meaning: '`1`: Open311 takes reports with an API key only; else also without, limited by address',
  },
  { name: 'HONGGUAN_OPEN311_KEY_ONLY', default: '0', meaning: '`1`: Open311 takes reports with an API key only' },
  { name: 'HONGGUAN_LOG_LEVEL', default: 'info', meaning: '`trace`, `debug`, `info`, `warn`, `error` or `silent`' },
  {
    name: 'ROUTER_URL',
    default: '',
    meaning: 'an OSRM-compatible router for travel times; without it they are estimated from distance and mode',
  },
  {
    name: 'OIDC_ISSUER',
    default: '',
    meaning: 'OpenID Connect provider for signing in; needs the three below and HONGGUAN_ORIGIN',
  },
  { name: 'OIDC_CLIENT_ID', default: '', meaning: 'the client this server is registered as' },
  { name: 'OIDC_CLIENT_SECRET', default: '', meaning: 'its secret' },
  { name: 'OIDC_NAME', default: 'OpenID Connect', meaning: 'what the sign-in page calls the provider' },
  {
    name: 'OIDC_USERNAME_CLAIM',
    default: 'preferred_username',
    meaning: 'the claim that holds the account name; the account must exist here',
  },
] as const satisfies readonly Setting[]

export type SettingName = (typeof SETTINGS)[number]['name']

/** `| name | default | meaning |` rows for the README. */
export function settingsTable(): string {
  const rows = SETTINGS.map(
    (setting) => `| \`${setting.name}\` | ${setting.default && `\`${setting.default}\``} | ${setting.meaning} |`,
  )
  return ['| name | default | meaning |', '|---|---|---|', ...rows].join('\n')
}
