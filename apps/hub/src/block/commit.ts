import type { ResponseCommit } from '@causeway/protocol/tendermint/abci/types'
import type { Chain } from './chain.ts'

/** Makes the executed block durable in one atomic step and starts checking on top of it. */
export function commit(chain: Chain): ResponseCommit {
  chain.commit()
  chain.admissions.expire(chain.latest.height)
  return { retainHeight: 0n }
}
