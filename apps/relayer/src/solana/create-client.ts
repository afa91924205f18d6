import { attestorSetHash } from '@causeway/light-clients'
import {
  addClientInstruction,
  decodeHubState,
  hubClientAddress,
  hubStateAddress,
  initialiseHubClient,
} from '@causeway/contracts-solana'
import { PublicKey } from '@solana/web3.js'

import type { ClientSeed, Counterparty, Inclusion } from '../chain.ts'
import { RelayError } from '../errors.ts'
import { readHeader } from './header-message.ts'
import { followsHub, readClient, readCounterparty } from './hub-client.ts'
import type { ClientReadPorts } from './hub-client.ts'
import type { SolanaSubmitter } from './submitter.ts'

/**
 * Makes a client of the hub and adds it to the core under the configured id, with its counterparty, which
 * never changes; both in one transaction. A light client that began with the same attestation may be there:
 * its address says what it began with, so it is as good. Throws `RelayError`.
 */
export async function createHubClient(
  ports: ClientReadPorts & { readonly submitter: SolanaSubmitter; readonly clientId: string },
  seed: ClientSeed,
  counterparty: Counterparty | undefined,
): Promise<{ clientId: string; inclusion: Inclusion }> {
  const { pool, submitter, programs, clientId, hub } = ports
  if (counterparty === undefined) throw config('a client needs its counterparty here')
  if (seed.chainId !== hub)
    throw config(`the configuration says hub: ${hub}, the other chain is ${seed.chainId}`)
  if ((await readCounterparty(ports, clientId)) !== undefined)
    throw config(`client ${clientId} exists: configure another number, which is free to choose`)
  const { message, set } = readHeader(seed.clientState, seed.chainId)
  const setHash = attestorSetHash(set)
  const light = hubClientAddress(programs.hubClient, message, setHash)
  const [existing] = await pool.call((api) => api.accounts([light.client], 'confirmed'))
  const isThere = existing?.owner.equals(programs.hubClient) === true
  const begin = isThere ? [] : [initialiseHubClient(programs.hubClient, submitter.payer, message, setHash)]
  const client = { lightState: light.client, counterparty: counterparty.clientId }
  const number = Number(clientId.slice('client-'.length))
  const add = addClientInstruction(programs.core, submitter.payer, number, client)
  const landed = await submitter.inTurn(async () => await submitter.send({ instructions: [...begin, add] }))
  await submitter.finalise(landed)
  return { clientId, inclusion: landed.inclusion }
}

/** The configured client, if it follows that hub and our own wallet began its light client. */
export async function findOwnClient(
  ports: ClientReadPorts & { readonly clientId: string },
  chainId: string,
  wallet: PublicKey,
): Promise<string[]> {
  const { clientId, pool } = ports
  if ((await readCounterparty(ports, clientId)) === undefined) return []
  const { state, address } = await readClient(ports, clientId)
  const first = hubStateAddress(address, state.trustedHeight)
  const [account] = await pool.call((api) => api.accounts([first], 'confirmed'))
  const payer = account && decodeHubState(account.data)?.payer
  const isOwn = payer !== undefined && new PublicKey(payer).equals(wallet)
  return isOwn && followsHub(state, chainId) ? [clientId] : []
}

function config(text: string): RelayError {
  return new RelayError('config', 'never', text)
}
