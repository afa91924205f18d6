import { decodeEventLog, encodeDeployData, encodeEventTopics, encodeFunctionData } from 'viem'
import type { Hex } from 'viem'

import type { ClientSeed, Counterparty, Inclusion } from '../chain.ts'
import type { EndpointPool } from '../endpoints/endpoint-pool.ts'
import { RelayError } from '../errors.ts'
import type { EvmWallet } from '../keys/evm-wallet.ts'
import { CORE_ABI, HUB_CLIENT_ABI, HUB_CLIENT_CODE } from './abi.ts'
import { asHex } from './contract-paths.ts'
import type { EthApi, EthLog } from './eth-api.ts'
import { join } from './evm-submit.ts'
import { constructorArguments, readHubClient } from './hub-client.ts'
import { searchLogs } from './log-search.ts'
import type { EvmSubmitter } from './submitter.ts'

/** What making and finding clients needs of the chain. */
export interface ClientPorts {
  readonly pool: EndpointPool<EthApi>
  readonly contract: Hex
  readonly fromBlock: bigint
  readonly wallet: EvmWallet
}

/**
 * Deploys a client of the hub for the core and registers it with its counterparty, which never changes.
 * Throws `RelayError`.
 */
export async function createHubClient(
  ports: ClientPorts & { readonly submitter: EvmSubmitter },
  seed: ClientSeed,
  counterparty: Counterparty | undefined,
): Promise<{ clientId: string; inclusion: Inclusion }> {
  const { contract, submitter } = ports
  if (counterparty === undefined)
    throw new RelayError('config', 'never', 'a client needs its counterparty here')
  const args = constructorArguments(contract, seed)
  const deployed = await submitter.create(
    encodeDeployData({ abi: HUB_CLIENT_ABI, bytecode: HUB_CLIENT_CODE, args }),
  )
  if (deployed.contractAddress === undefined)
    throw new RelayError('transaction', 'later', 'the chain did not tell where the client was created')
  const info = { clientId: counterparty.clientId, merklePrefix: counterparty.merklePrefix.map(asHex) }
  const call = encodeFunctionData({
    abi: CORE_ABI,
    functionName: 'addClient',
    args: [info, deployed.contractAddress],
  })
  const [end] = await submitter.send(contract, [{ messages: 0, encode: () => [call] }], join)
  const added = end?.receipt?.logs.map(readAdded).find((one) => one !== undefined)
  if (end?.inclusion === undefined || end.error !== undefined || added === undefined)
    throw (
      end?.error ?? new RelayError('transaction', 'later', 'the contract did not tell the new client’s id')
    )
  return { clientId: added.clientId, inclusion: end.inclusion }
}

/** Clients of a hub that our own wallet added, in order. */
export async function findOwnClients(ports: ClientPorts, chainId: string): Promise<string[]> {
  const { pool, contract, fromBlock, wallet } = ports
  const topics = encodeEventTopics({ abi: CORE_ABI, eventName: 'ClientAdded' }) as Hex[]
  const logs = await pool.call(async (api) => {
    const { number } = await api.block('latest')
    return await searchLogs(api, { address: contract, topics }, fromBlock, number)
  })
  const own: string[] = []
  for (const log of logs) {
    const added = readAdded(log)
    const sender = await pool.call((api) => api.transactionSender(log.transactionHash))
    if (added === undefined || sender?.toLowerCase() !== wallet.address.toLowerCase()) continue
    const view = await readHubClient(pool, added.clientId, added.client).catch((error: unknown) => {
      if (error instanceof RelayError && error.failure === 'config') return undefined
      throw error
    })
    if (view?.chainId === chainId) own.push(added.clientId)
  }
  return own
}

function readAdded(log: EthLog): { clientId: string; client: Hex } | undefined {
  try {
    const topics = [...log.topics] as [Hex, ...Hex[]]
    const { args } = decodeEventLog({ abi: CORE_ABI, eventName: 'ClientAdded', data: log.data, topics })
    return { clientId: args.clientId, client: args.client }
  } catch {
    return undefined // another event
  }
}
