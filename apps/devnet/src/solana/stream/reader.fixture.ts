// Reads a record stream as its documentation says, sharing nothing with the writer.
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { AccountState } from '@causeway/light-clients'

/** A record. */
export interface StreamRecord {
  readonly tag: number
  readonly payload: Buffer
}

/** An account that a record tells. */
export interface TellsAccount {
  readonly slot: bigint
  readonly isStartup: boolean
  readonly writeVersion: bigint
  readonly pubkey: Uint8Array
  readonly account: AccountState | undefined
}

/** A connection that collects records. */
export interface StreamReader {
  readonly records: StreamRecord[]
  /** Waits until something holds. */
  until(isThere: (records: readonly StreamRecord[]) => boolean): Promise<void>
  close(): void
}

/** Connects to `tcp://HOST:PORT`. */
export function readStream(url: string): StreamReader {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  const records: StreamRecord[] = []
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes])
    let at = 0
    while (rest.length >= at + 5 && rest.length >= at + 5 + rest.readUInt32LE(at + 1)) {
      const end = at + 5 + rest.readUInt32LE(at + 1)
      records.push({ tag: rest[at]!, payload: Buffer.from(rest.subarray(at + 5, end)) })
      at = end
    }
    rest = rest.subarray(at)
  })
  return {
    records,
    until: (isThere) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!isThere(records)) return
          socket.off('data', look)
          resolve()
        }
        socket.on('data', look)
        socket.on('close', () => reject(new Error('the stream ended')))
        look()
      }),
    close: () => socket.destroy(),
  }
}

/** What a record of tag 1 says. */
export function readAccountRecord({ payload }: StreamRecord): TellsAccount {
  const lamports = payload.readBigUInt64LE(49)
  const hasSignature = payload[98] === 1
  const at = hasSignature ? 163 : 99
  const data = Uint8Array.from(payload.subarray(at + 4))
  if (data.length !== payload.readUInt32LE(at)) throw new Error('another length')
  const owner = Uint8Array.from(payload.subarray(57, 89))
  return {
    slot: payload.readBigUInt64LE(0),
    isStartup: payload[8] === 1,
    writeVersion: payload.readBigUInt64LE(9),
    pubkey: Uint8Array.from(payload.subarray(17, 49)),
    account: lamports === 0n ? undefined : { lamports, owner, data, isExecutable: payload[89] === 1 },
  }
}

/** What a record of tag 2 says. */
export function readStatusRecord({ payload }: StreamRecord) {
  return {
    slot: payload.readBigUInt64LE(0),
    parent: payload[8] === 1 ? payload.readBigUInt64LE(9) : undefined,
    status: payload.subarray(17).toString(),
  }
}

/** What a record of tag 5 says. */
export function readTransactionRecord({ payload }: StreamRecord) {
  return {
    slot: payload.readBigUInt64LE(0),
    index: payload.readUInt32LE(8),
    isVote: payload[12] === 1,
    isError: payload[13] === 1,
    fee: payload.readBigUInt64LE(14),
    wire: Uint8Array.from(payload.subarray(26)),
  }
}
