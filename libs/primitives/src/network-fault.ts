const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not listen there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'nothing answered in time',
}

/** What an error of a socket, or one that was caused by it, means, in words for whoever named the address. */
export function networkFault(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    const reason = 'code' in each ? reasons[String(each.code)] : undefined
    if (reason !== undefined) return reason
  }
  return error instanceof Error ? error.message : String(error)
}
