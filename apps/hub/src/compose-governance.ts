// Votes joined to stake, clients and lines.
import type { LightClient, LightClientRegistry } from '@causeway/messaging'
import { IBC_STORE_NAME, createLightClientRegistry, findCounterparty, isClientId } from '@causeway/messaging'
import type { ReadContext } from './block/context.ts'
import type { Module } from './block/module.ts'
import { nativeBank } from './compose-staking.ts'
import type { Foundation } from './compose.ts'
import type { GovernancePorts, GovernedClient } from './modules/governance/ports.ts'
import { followedChain } from './modules/ibc/opened-client.ts'
import { listLine } from './modules/ledger/list-line.ts'
import { DEPOSIT_POOL, INSURANCE_FUND } from './named-accounts.ts'

/** What of a chain its governance is made with. */
export interface GovernanceParts extends Pick<
  GovernancePorts,
  'checkWithdrawal' | 'stake' | 'sendGovernanceCall'
> {
  /** The native token. */
  readonly denom: string
  readonly lightClients: readonly LightClient[]
  /** Asked for when a vote runs, so that governance can be one of them. */
  modules(): readonly Module[]
}

/** Joins governance to the chain. */
export function governancePorts(foundation: Foundation, parts: GovernanceParts): GovernancePorts {
  const { denom, modules, checkWithdrawal, stake, sendGovernanceCall } = parts
  const lightClients = createLightClientRegistry(parts.lightClients)
  return {
    addresses: foundation.addresses,
    bank: nativeBank(foundation, denom),
    depositPool: DEPOSIT_POOL,
    insuranceFund: INSURANCE_FUND,
    checkWithdrawal,
    stake,
    parametersOf: (name) => modules().find((module) => module.name === name)?.parameters,
    openClient: (context, clientId) => openClient(context, lightClients, clientId),
    listLine,
    sendGovernanceCall,
  }
}

function openClient(
  context: ReadContext,
  lightClients: LightClientRegistry,
  clientId: string,
): GovernedClient | undefined {
  if (!isClientId(clientId)) return undefined
  const counterparty = findCounterparty(context.store(IBC_STORE_NAME), clientId)
  if (counterparty === undefined) return undefined
  const chain = followedChain(context, lightClients, clientId)
  if (chain === undefined) return undefined
  const { chainId, contract } = chain
  const { clientId: counterpartyClientId, merklePrefix: counterpartyMerklePrefix } = counterparty
  return { chainId, contract, counterpartyClientId, counterpartyMerklePrefix }
}
