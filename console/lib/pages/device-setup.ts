/**
 * What a phone app is told to become a unit's device. The identifier of OsmAnd's protocol is the secret itself; OwnTracks
 * carries it as its HTTP password.
 */
export interface DeviceSetup {
  /** Where Traccar Client reports to; also what is typed by hand. */
  osmand: string
  owntracks: string
  socket: string
  /** What the codes say: one is scanned inside Traccar Client, the other the phone's camera opens in OwnTracks. */
  traccarLink: string
  owntracksLink: string
}

/** Seconds between two positions: what the promise of five minutes needs, and what a battery bears. */
const INTERVAL_S = 10

export function deviceSetup(origin: string, secret: string, label: string): DeviceSetup {
  const osmand = `${origin}/osmand`
  const owntracks = `${origin}/owntracks`
  return {
    osmand,
    owntracks,
    socket: `${origin.replace(/^http/, 'ws')}/devices`,
    traccarLink: traccarLink(osmand, secret),
    owntracksLink: owntracksLink(owntracks, secret, label),
  }
}

/** Traccar Client takes its settings from the query of the address it scans; an interval counts only at the highest accuracy. */
function traccarLink(url: string, secret: string): string {
  const query = new URLSearchParams({ id: secret, interval: String(INTERVAL_S), accuracy: 'highest', buffer: 'true' })
  return `${url}?${query}`
}

/** OwnTracks takes a whole configuration, base64, in one link. Mode 3 is HTTP. */
function owntracksLink(url: string, secret: string, label: string): string {
  const configuration = {
    _type: 'configuration',
    mode: 3,
    url,
    auth: true,
    username: 'unit',
    password: secret,
    deviceId: label,
    locatorInterval: INTERVAL_S,
    moveModeLocatorInterval: INTERVAL_S,
    monitoring: 2,
  }
  return `owntracks:///config?inline=${encodeURIComponent(base64(JSON.stringify(configuration)))}`
}

/** btoa takes Latin letters only, and labels are Chinese. */
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

export const isLocalOnly = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '::1' || /^127(\.\d+){3}$/.test(hostname)
