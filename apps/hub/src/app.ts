// The hub: its modules joined.
import { nobleG1Scheme, verifyProofOfPossession } from '@causeway/light-clients'
import type { BlsG1Scheme } from '@causeway/light-clients'
import type { LightClient } from '@causeway/messaging'
import { CosmosApplication } from './application.ts'
import type { Composition } from './block/composition.ts'
import type { Module } from './block/module.ts'
import { cashInUse, moveCash, stakeInUse } from './compose-accounts.ts'
import { joinAttestation } from './compose-attestation.ts'
import { joinCash } from './compose-cash.ts'
import { governancePorts } from './compose-governance.ts'
import { joinMarkets } from './compose-markets.ts'
import { heldAssets, riskModulePorts, riskPorts, withRisk } from './compose-risk.ts'
import { listedLinesOpener, stakingPorts } from './compose-staking.ts'
import type { StakingParts } from './compose-staking.ts'
import { joinSettlement } from './compose-settlement.ts'
import { composition, createBridge, createFoundation } from './compose.ts'
import { createAddressCodec } from './identifiers.ts'
import type { AttestationSigner } from './modules/attestation/ports.ts'
import { governanceModule } from './modules/governance/module.ts'
import { insuranceModule } from './modules/insurance/module.ts'
import { createLines } from './modules/ledger/lines.ts'
import { oracleModule } from './modules/oracle/module.ts'
import { createOracle } from './modules/oracle/oracle.ts'
import type { PriceSource, SurfaceSource } from './modules/oracle/price-source.ts'
import { riskModule } from './modules/risk/module.ts'
import { createRisk } from './modules/risk/risk.ts'
import { stakingModule } from './modules/staking/module.ts'
import { createStaking } from './modules/staking/staking.ts'
import { createHubBank } from './modules/transfer/hub-bank.ts'
import { FEE_COLLECTOR, INSURANCE_FUND } from './named-accounts.ts'
import { applicationOptions } from './node-options.ts'
import type { NodeOptions } from './node-options.ts'
import type { VerifySignatures } from './tx/signatures.ts'
import { FREE_EQUITY_E6_MIN } from './tx/token-bucket.ts'

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

/** Makes the hub over a storage: at its last committed block, or waiting for InitChain. */
export function createHubApplication(options: HubApplicationOptions): CosmosApplication {
  const application = applicationOptions(options)
  return new CosmosApplication(hubComposition({ ...options, ...application }), application)
}

/** The hub's modules, joined. */
export function hubComposition(
  options: Pick<HubApplicationOptions, 'priceSource' | 'surfaceSource' | 'bls' | 'attestationSigners'> & {
    readonly lightClients: readonly LightClient[]
    readonly keepVersions: bigint
    readonly verifySignatures: VerifySignatures
  },
): Composition {
  const { bls = nobleG1Scheme, attestationSigners = [], keepVersions } = options
  const addresses = createAddressCodec(HUB_PREFIX)
  const settlement = joinSettlement({
    addresses,
    lightClients: options.lightClients,
    bridge: () => bridge,
    lines: () => lines,
    risk: () => risk,
    cash: () => cash,
    trades: (context, account) => joinedMarkets.trades(context, account),
    clear: (context, client, trades) => joinedMarkets.markets.clear(context, client, trades),
  })
  const foundation = createFoundation(
    addresses,
    withRisk(settlement, () => risk),
  )
  const { ledger, transferLedger } = foundation
  const oracle = createOracle(options.priceSource, options.surfaceSource)
  const { verifySignatures } = options
  const joinedMarkets = joinMarkets(foundation, {
    oracle,
    verifySignatures,
    cash: () => cash,
    risk: () => risk,
  })
  const markets = joinedMarkets.forRisk
  const risksPorts = riskPorts({
    addresses,
    oracle,
    markets,
    pendingE6: settlement.pendingE6,
    owingChanged: settlement.owingChanged,
    cash: () => cash,
  })
  const risk = createRisk(risksPorts)
  const lines = createLines(ledger, { priceE9: (context, asset) => oracle.price(context, asset).priceE9 })
  const joinedCash = joinCash(foundation, {
    lightClients: options.lightClients,
    oracle,
    lines: () => lines,
    bank: () => bank,
    bridge: () => bridge,
    risk: () => risk,
    settleTrading: joinedMarkets.markets.settle,
    owingChanged: settlement.owingChanged,
  })
  const { cash } = joinedCash
  const { checkWithdrawal, checkFee } = risk
  const bank = createHubBank({
    addresses,
    ledger: transferLedger,
    lines,
    checkWithdrawal,
    ...joinedCash.bankPorts,
  })
  const verifyPossession: StakingParts['verifyPossession'] = (claim, proof) =>
    verifyProofOfPossession(bls, claim, proof)
  const staking = createStaking(
    stakingPorts(foundation, { denom: HUB_DENOM, checkWithdrawal, verifyPossession }),
  )
  const attestation = joinAttestation(staking, addresses, {
    scheme: bls,
    signers: attestationSigners,
    keepVersions,
  })
  const governance = governancePorts(foundation, {
    denom: HUB_DENOM,
    checkWithdrawal,
    stake: staking,
    lightClients: options.lightClients,
    modules: () => modules,
    sendGovernanceCall: settlement.messages.sendGovernanceCall,
    markets: joinedMarkets.governed,
  })
  const bridge = createBridge(foundation, {
    lightClients: options.lightClients,
    bank,
    checkWithdrawal,
    openListedLines: listedLinesOpener(staking),
    settlement,
    linking: {
      verifySignatures,
      inUse: [stakeInUse, cashInUse, joinedMarkets.inUse],
      move: [moveCash(cash)],
    },
  })
  const modules: Module[] = [
    ...bridge.modules,
    oracleModule(oracle),
    joinedMarkets.module,
    joinedCash.module,
    riskModule(risk, risksPorts, riskModulePorts({ markets, cash: () => cash })),
    stakingModule(staking),
    attestation.module,
    governanceModule(governance),
    insuranceModule({ addresses, fund: INSURANCE_FUND, balances: heldAssets }),
  ]
  return composition(foundation, {
    name: 'causeway',
    modules,
    validators: staking,
    voteExtensions: [oracle, attestation.part],
    aside: attestation.aside,
    fees: {
      checkFee,
      cashFees: {
        freeE6: cash.freeE6,
        pay(context, holder, amountE6) {
          cash.pay(context, holder, FEE_COLLECTOR, amountE6, 'fee')
          risk.checkWithdrawal(context, holder)
        },
      },
      isWorthEnough: (context, account) =>
        risk.equityE6(context, { account, subaccount: 0 }) >= FREE_EQUITY_E6_MIN,
    },
  })
}
