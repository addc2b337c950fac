export type PeerName = 'ours' | 'emit' | 'ws'

/** Between the driver and the measured process. */
export type ToServer =
  | { do: 'open'; recorded: Uint8Array[][] }
  | { do: 'start' }
  | { do: 'mark' }
  | { do: 'measure' }
  | { do: 'recorded' }

export type ToDriver =
  | { is: 'listening'; port: number; trunkPort: number }
  | { is: 'open' }
  | { is: 'measured'; cpuNs: number }
  | { is: 'recorded'; frames: Uint8Array[][] }

/** Between the driver and the thread of the consoles. */
export interface ConsolesTask {
  peer: PeerName
  port: number
  /** sharedNow() at which each unit's fix of each slot was sent. */
  sentAt: SharedArrayBuffer
}

export type FromConsoles =
  | { is: 'joined' }
  | { is: 'measured'; fixes: number; bytes: number; p50Ms: number; p99Ms: number }
