import { Command } from 'commander'
import { does, tenantOption } from '#cli/verb.ts'

export interface DeviceOptions {
  tenant?: string
  label: string
}

const AFTER = `
The secret is what the device says who it is with: in Traccar Client type it as the device identifier and
http://ADDRESS:PORT/osmand as the server; in OwnTracks it is the password, any user name, mode HTTP, http://ADDRESS:PORT/owntracks;
a program of your own opens ws://ADDRESS:PORT/devices (docs/protocol-devices.md). The QR code holds the secret.`

export function deviceCommand(): Command {
  const add = new Command('add')
    .description('Binds a device to a unit and shows its secret once: only a hash of it is kept.')
    .argument('<unit>', 'the unit’s id or callsign')
    .option('--label <text>', 'what the device is called in lists', 'device')
    .addOption(tenantOption())
    .addHelpText('after', AFTER)
  does<DeviceOptions>(add, async (options, unit) => {
    const { addDevice } = await import('./device-add.ts')
    return addDevice(unit as string, options)
  })
  return new Command('device').description('Phones and trackers.').addCommand(add)
}
