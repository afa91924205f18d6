import { hexToBytes, decodeFunctionResult, encodeFunctionData } from 'viem'
import type { Hex } from 'viem'

import type { AcceptedState } from '../chain.ts'
import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { HUB_CLIENT_ABI } from './abi.ts'
import type { EthApi } from './eth-api.ts'

/** States that are read at once; a client that accepted more since the last look is compared in part. */
const STATES_MAX = 64

/**
 * States that the hub's client at `address` has accepted in ascending order, newest first, down to the first
 * at or below `above`: each names the height that was the latest before it. Throws `RelayError`.
 */
export async function readAcceptedStates(
  pool: EndpointPool<EthApi>,
  address: Hex,
  latestHeight: bigint,
  above: bigint,
): Promise<AcceptedState[]> {
  return await pool.call(async (api) => {
    const block = (await api.block('latest')).number
    const states: AcceptedState[] = []
    let height = latestHeight
    while (states.length < STATES_MAX) {
      const data = encodeFunctionData({
        ...{ abi: HUB_CLIENT_ABI, functionName: 'getConsensusState', args: [height] },
      })
      const answer = await api.call({ to: address, data }, block)
      const [commitment, timeSeconds, previousHeight] = decodeFunctionResult({
        ...{ abi: HUB_CLIENT_ABI, functionName: 'getConsensusState', data: answer },
      })
      states.push({ height, timeSeconds, commitment: hexToBytes(commitment) })
      // What the client was constructed with has none before it
      if (height <= above || previousHeight === 0n) break
      height = previousHeight
    }
    return states
  })
}
