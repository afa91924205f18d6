// The hub: its modules joined.
import { nobleG1Scheme, verifyProofOfPossession } from '@causeway/light-clients'
import type { BlsG1Scheme } from '@causeway/light-clients'
import type { LightClient } from '@causeway/messaging'
import { CosmosApplication } from './application.ts'
import type { Composition } from './block/composition.ts'
import { takeForfeits } from './inclusion/forfeits.ts'
import { inclusionModule } from './inclusion/module.ts'
import { Pinned } from './inclusion/pinned.ts'
import type { Module } from './block/module.ts'
import { stakeInUse } from './compose-accounts.ts'
import { joinAttestation } from './compose-attestation.ts'
import { joinCalls } from './compose-calls.ts'
import { governancePorts } from './compose-governance.ts'
import { joinLiquidation, liquidationInUse } from './compose-liquidation.ts'
import { withRisk } from './compose-risk.ts'
import { listedLinesOpener, stakingPorts } from './compose-staking.ts'
import type { StakingParts } from './compose-staking.ts'
import { joinSettlement } from './compose-settlement.ts'
import type { Settlement } from './compose-settlement.ts'
import { joinTrading } from './compose-trading.ts'
import type { Trading } from './compose-trading.ts'
import { joinVault, vaultInUse } from './compose-vault.ts'
import { composition, createBridge, createFoundation } from './compose.ts'
import type { Foundation } from './compose.ts'
import { createAddressCodec } from './identifiers.ts'
import type { AttestationSigner } from './modules/attestation/ports.ts'
import { governanceModule } from './modules/governance/module.ts'
import type { PriceSource, SurfaceSource } from './modules/oracle/price-source.ts'
import { stakingModule } from './modules/staking/module.ts'
import { createStaking } from './modules/staking/staking.ts'
import { applicationOptions } from './node-options.ts'
import type { NodeOptions } from './node-options.ts'
import type { VerifySignatures } from './tx/signatures.ts'
import { urgencyOf } from './urgency.ts'

/** What a hub is made with. */
export interface HubApplicationOptions extends NodeOptions {
  /** This validator's prices. */
  readonly priceSource: PriceSource
  /** This validator's volatility surfaces; default none. */
  readonly surfaceSource?: SurfaceSource
  /**
   * BLS12-381 of attestations; default @noble/curves, which is slow: hand in what `loadMclG1Scheme` gives.
   */
  readonly bls?: BlsG1Scheme
  /** BLS keys of the validators that vote here; default none: they attest nothing. */
  readonly attestationSigners?: readonly AttestationSigner[]
}

/** Bech32 prefix of the hub's addresses. */
export const HUB_PREFIX = 'cway'
/** The hub's own token, in which fees are paid. */
export const HUB_DENOM = 'ucway'
/** Chain id of the hub. */
export const HUB_CHAIN_ID = 'causeway-1'

/** What the hub's modules are made of. */
type HubParts = Pick<
  HubApplicationOptions,
  'priceSource' | 'surfaceSource' | 'bls' | 'attestationSigners'
> & {
  readonly lightClients: readonly LightClient[]
  readonly keepVersions: bigint
  readonly verifySignatures: VerifySignatures
}

/** Makes the hub over a storage: at its last committed block, or waiting for InitChain. */
export function createHubApplication(options: HubApplicationOptions): CosmosApplication {
  const application = applicationOptions(options)
  return new CosmosApplication(hubComposition({ ...options, ...application }), application)
}

/** The hub's modules, joined. */
export function hubComposition(options: HubParts): Composition {
  return joinHub(options).composition
}

/** The same, and what its trading is made of. */
export function joinHub(options: HubParts): { readonly composition: Composition; readonly trading: Trading } {
  const { lightClients, verifySignatures } = options
  const inclusion = new Pinned()
  const addresses = createAddressCodec(HUB_PREFIX)
  const settlement = joinSettlement({
    addresses,
    lightClients,
    bridge: () => bridge,
    lines: () => trading.lines,
    risk: () => trading.risk,
    cash: () => trading.cash,
    owner: (context, address) => foundation.accounts.owner(context, address),
    ensureAccount: (context, address) => foundation.accounts.ensure(context, address),
    trades: (context, account) => trading.markets.trades(context, account),
    clear: (context, client, trades) => trading.markets.markets.clear(context, client, trades),
    calls: () => calls.calls,
  })
  const listeners = withRisk(settlement, () => trading.risk)
  const foundation = createFoundation(addresses, listeners)
  const trading = joinTrading(foundation, { ...options, settlement, bridge: () => bridge })
  const calls = joinCalls(foundation, {
    lightClients,
    messages: settlement.messages,
    risk: () => trading.risk,
  })
  const liquidation = joinLiquidation(foundation, {
    ...trading,
    markets: trading.markets.markets,
    isWaiting: calls.calls.isWaiting,
  })
  const vault = joinVault(foundation, trading)
  const stake = joinStake(foundation, { ...options, trading, settlement, modules: () => modules })
  const bridge = createBridge(foundation, {
    lightClients,
    bank: trading.bank,
    checkWithdrawal: trading.risk.checkWithdrawal,
    openListedLines: listedLinesOpener(stake.staking),
    settlement,
    linking: {
      verifySignatures,
      inUse: [stakeInUse, liquidationInUse, vaultInUse, ...calls.linking.inUse, ...trading.linking.inUse],
      move: [...calls.linking.move, ...trading.linking.move],
    },
  })
  const modules: Module[] = [
    ...bridge.modules,
    ...trading.modules,
    liquidation.module,
    vault,
    // Levels of health are found when all is sold, and asked for after
    trading.health,
    calls.module,
    ...stake.modules,
    inclusionModule(inclusion),
  ]
  const joined = composition(foundation, {
    name: 'causeway',
    modules,
    validators: stake.staking,
    voteExtensions: [trading.oracle, stake.attestation.part],
    aside: stake.attestation.aside,
    inclusion,
    fees: trading.fees,
    isUrgent: urgencyOf(foundation, { cash: () => trading.cash }),
  })
  return { composition: joined, trading }
}

/** Validators, what they attest, and what they vote on. */
function joinStake(
  foundation: Foundation,
  parts: HubParts & {
    readonly trading: Trading
    readonly settlement: Settlement
    modules(): readonly Module[]
  },
) {
  const { bls = nobleG1Scheme, attestationSigners = [], keepVersions, lightClients, trading } = parts
  const { checkWithdrawal } = trading.risk
  const verifyPossession: StakingParts['verifyPossession'] = (claim, proof) =>
    verifyProofOfPossession(bls, claim, proof)
  const staking = createStaking(
    stakingPorts(foundation, { denom: HUB_DENOM, checkWithdrawal, verifyPossession, takeForfeits }),
  )
  const attestation = joinAttestation(staking, foundation.addresses, {
    scheme: bls,
    signers: attestationSigners,
    keepVersions,
  })
  const governance = governancePorts(foundation, {
    denom: HUB_DENOM,
    checkWithdrawal,
    stake: staking,
    lightClients,
    modules: parts.modules,
    sendGovernanceCall: parts.settlement.messages.sendGovernanceCall,
    markets: trading.markets.governed,
    ...trading.governedLines,
  })
  const modules = [stakingModule(staking), attestation.module, governanceModule(governance)]
  return { staking, attestation, modules }
}
