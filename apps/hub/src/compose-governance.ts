// Votes joined to stake, clients and lines.
import type { LightClient, LightClientRegistry } from '@causeway/messaging'
import {
  IBC_STORE_NAME,
  beganWith,
  createLightClientRegistry,
  findCounterparty,
  forgetDeadClient,
  isClientId,
  readClientStore,
  recoverClient,
  requireActiveClient,
} from '@causeway/messaging'
import type { ReadContext } from './block/context.ts'
import { messagingContext } from './block/messaging-context.ts'
import type { Module } from './block/module.ts'
import { nativeBank, trustingSeconds } from './compose-staking.ts'
import type { Foundation } from './compose.ts'
import type { GovernancePorts, GovernedClient, StakeReader } from './modules/governance/ports.ts'
import { followedChain } from './modules/ibc/opened-client.ts'
import { listLine } from './modules/ledger/list-line.ts'
import type { Staking } from './modules/staking/staking.ts'
import { STAKING_STORE, findStakingParams, trusts } from './modules/staking/state.ts'
import { DEPOSIT_POOL, INSURANCE_FUND } from './named-accounts.ts'

/** What of a chain its governance is made with. */
export interface GovernanceParts extends Pick<
  GovernancePorts,
  'checkWithdrawal' | 'sendGovernanceCall' | 'markets' | 'lineName' | 'writeOff' | 'pauseLine'
> {
  /** The native token. */
  readonly denom: string
  readonly stake: StakeReader & Pick<Staking, 'trusts'>
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
    trustingSeconds,
    unbondingSeconds: (context) => findStakingParams(context.store(STAKING_STORE))?.unbondingSeconds ?? 0n,
    trusts: stake.trusts,
    isListed: (context, clientId) =>
      [...trusts(context.store(STAKING_STORE))].some((trust) => trust.clientId === clientId),
    recoverClient: (context, recovery) => recoverClient(messagingContext(context), lightClients, recovery),
    forgetDeadClient: (context, clientId, max) =>
      forgetDeadClient(messagingContext(context), lightClients, clientId, max),
    extendForks(context, { clientId, forks }) {
      const { lightClient, store } = requireActiveClient(messagingContext(context), lightClients, clientId)
      lightClient.extendForks?.(store, forks)
      return lightClient.extendForks !== undefined
    },
    listLine,
    lineName: parts.lineName,
    writeOff: parts.writeOff,
    pauseLine: parts.pauseLine,
    sendGovernanceCall,
    ...(parts.markets && { markets: parts.markets }),
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
  const store = readClientStore(context.store(IBC_STORE_NAME), clientId)
  return {
    chainId,
    contract,
    counterpartyClientId,
    counterpartyMerklePrefix,
    beganWith: (height, consensusState) => beganWith(store, height, consensusState),
    differenceFrom: (clientState) => lightClients.byClientId(clientId).differenceFrom?.(store, clientState),
  }
}
