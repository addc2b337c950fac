import { Counter, Gauge, type Registry } from 'prom-client'
import type { Fix } from '#domain/fix.ts'
import type { FixVerdict } from '#domain/judge.ts'

export interface DeviceCounters {
  judged(fixes: readonly Fix[], verdicts: readonly FixVerdict[]): void
  /** A message that was not taken: its code. */
  refused(code: string): void
  sockets(change: 1 | -1): void
}

export function deviceCounters(registry: Registry): DeviceCounters {
  const registers = [registry]
  const fixes = new Counter({
    name: 'hongguan_fixes_total',
    help: 'Fixes by source and verdict (latest, kept for the trail, refused: why)',
    labelNames: ['source', 'verdict', 'why'] as const,
    registers,
  })
  const refusals = new Counter({
    name: 'hongguan_device_refusals_total',
    help: 'Messages of devices that were not taken, by code',
    labelNames: ['code'] as const,
    registers,
  })
  const sockets = new Gauge({ name: 'hongguan_device_sockets', help: 'Open device sockets', registers })
  return {
    judged(given, verdicts) {
      verdicts.forEach((verdict, index) => {
        const why = verdict.verdict === 'latest' ? '' : verdict.why
        fixes.inc({ source: given[index]?.source ?? 'device', verdict: verdict.verdict, why })
      })
    },
    refused: (code) => refusals.inc({ code }),
    sockets: (change) => sockets.inc(change),
  }
}
