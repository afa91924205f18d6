import { takeBackHubState } from '@causeway/contracts-solana'

import { readClient } from './hub-client.ts'
import type { ClientReadPorts } from './hub-client.ts'
import type { SolanaSubmitter } from './submitter.ts'

/** States given up in one flight: the rest is for the next, or for anybody else. */
const STATES_MAX = 256

/**
 * Gives up the states of a frozen client that are contradicted, newest first: no exit counts before that is
 * done. How many. Throws `RelayError`.
 */
export async function takeBackStates(
  ports: ClientReadPorts & { readonly submitter: SolanaSubmitter },
  clientId: string,
): Promise<number> {
  for (let taken = 0; taken < STATES_MAX; taken += 1) {
    const { state, address } = await readClient(ports, clientId)
    const isSettled =
      state.frozenAtSeconds === 0n ||
      state.exitHeight < state.contradictedHeight ||
      state.exitHeight === state.trustedHeight
    if (isSettled) return taken
    await ports.submitter.send({ instructions: [takeBackHubState(address, state.exitHeight)] })
  }
  return STATES_MAX
}
