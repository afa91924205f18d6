import { concatBytes, sha256, utf8 } from '@causeway/primitives'
import { TRANSFER_PORT } from './denomination.ts'

const VERSION = utf8('ics20-1')

/**
 * * The account in which a plain zone locks what it sends over a client: H("ics20-1" ‖ 0x00 ‖
 * "transfer/{clientId}")[:20]. Spec: ibc-go v10 `GetEscrowAddress`, ADR-028.
 */
export function escrowAddress(clientId: string): Uint8Array {
  const preimage = concatBytes(VERSION, Uint8Array.of(0), utf8(`${TRANSFER_PORT}/${clientId}`))
  return sha256(preimage).slice(0, 20)
}
