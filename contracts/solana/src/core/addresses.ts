import { PublicKey } from '@solana/web3.js'
import { be64, utf8 } from '@causeway/primitives'

/*
 * Accounts of programs/core, by what they are derived from.
 */

/** A client: which light client, which counterparty. */
export function clientAddress(core: PublicKey, clientId: string): PublicKey {
  return derive(core, utf8('client'), utf8(clientId))
}

/** A client's root account: what the hub's light client proves. */
export function rootsAddress(core: PublicKey, clientId: string): PublicKey {
  return derive(core, utf8('roots'), utf8(clientId))
}

/** A packet that was sent and did not end yet. */
export function packetAddress(core: PublicKey, clientId: string, sequence: bigint): PublicKey {
  return derive(core, utf8('packet'), utf8(clientId), be64(sequence))
}

/** Which program is on a port. */
export function portAddress(core: PublicKey, port: string): PublicKey {
  return derive(core, utf8('port'), utf8(port))
}

/** Signs the core's calls of an application. */
export function callerAddress(core: PublicKey, application: PublicKey): PublicKey {
  return derive(core, utf8('caller'), application.toBytes())
}

/** Signs an application's calls of a core. */
export function applicationAddress(application: PublicKey, core: PublicKey): PublicKey {
  return derive(application, utf8('application'), core.toBytes())
}

function derive(program: PublicKey, ...seeds: Uint8Array[]): PublicKey {
  return PublicKey.findProgramAddressSync(seeds, program)[0]
}
