/**
 * A disk, or another program, has done something to a storage: what, where, and what to do. No
 * `ProtocolError`, because no transaction may be refused with it: the node stops.
 */
export class StorageFault extends Error {
  readonly path: string
  readonly reason: string

  constructor(path: string, reason: string, options: { cause?: unknown } = {}) {
    const advice = 'put a copy of the folder back that was made while nothing ran, or start from an empty one'
    super(`the database in ${path} is damaged (${reason}): ${advice}`, options)
    this.name = 'StorageFault'
    this.path = path
    this.reason = reason
  }
}
