import type { ResponseQuery } from '@causeway/protocol/tendermint/abci/types'

/** A successful answer without content. */
export function emptyResponse(height: bigint): ResponseQuery {
  return {
    code: 0,
    log: '',
    info: '',
    index: 0n,
    key: new Uint8Array(0),
    value: new Uint8Array(0),
    proofOps: undefined,
    height,
    codespace: '',
  }
}
