/** Names of Socket.IO rooms, made here and nowhere else. */
export const rooms = {
  tenant: (tenant: string) => `tenant ${tenant}`,
  /** Sockets that see the same of every event. */
  group: (tenant: string, entitlement: string) => `group ${tenant} ${entitlement}`,
}
