import { TRANSFER_ENCODINGS } from './packet-data.ts'
import { errors } from './transfer-errors.ts'
import type { TransferPeer } from './transfer-ports.ts'

const ADDRESS = /^0x[0-9a-f]{40}$/
/** Tokens refuse to pay it. */
const ZERO_ADDRESS = `0x${'0'.repeat(40)}`

/** An EVM chain's vault: reads ABI, pays addresses. Refuses `transfer/44`. */
export const EVM_PEER: TransferPeer = {
  encoding: TRANSFER_ENCODINGS.abi,
  requireReceiver(receiver) {
    if (!ADDRESS.test(receiver) || receiver === ZERO_ADDRESS) throw errors.evmReceiver()
  },
}
