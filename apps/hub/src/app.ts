// The hub: its modules joined.
import { nobleG1Scheme, verifyProofOfPossession } from '@causeway/light-clients'
import type { BlsG1Scheme } from '@causeway/light-clients'
import type { LightClient } from '@causeway/messaging'
import { CosmosApplication } from './application.ts'
import type { Composition } from './block/composition.ts'
import type { ReadContext } from './block/context.ts'
import type { Module } from './block/module.ts'
import { joinAttestation } from './compose-attestation.ts'
import { governancePorts } from './compose-governance.ts'
import { stakingPorts } from './compose-staking.ts'
import type { StakingParts } from './compose-staking.ts'
import { joinSettlement } from './compose-settlement.ts'
import { composition, createBridge, createFoundation } from './compose.ts'
import { createAddressCodec } from './identifiers.ts'
import type { Holder } from './identifiers.ts'
import type { AttestationSigner } from './modules/attestation/ports.ts'
import { governanceModule } from './modules/governance/module.ts'
import { insuranceModule } from './modules/insurance/module.ts'
import { createLines } from './modules/ledger/lines.ts'
import { openListedLines } from './modules/ledger/listings.ts'
import { LEDGER_STORE, balances, readAsset, readBalance } from './modules/ledger/state.ts'
import { oracleModule } from './modules/oracle/module.ts'
import { createOracle } from './modules/oracle/oracle.ts'
import type { PriceSource } from './modules/oracle/price-source.ts'
import { riskModule } from './modules/risk/module.ts'
import { createRisk } from './modules/risk/risk.ts'
import type { HeldAsset } from './modules/risk/risk.ts'
import { stakingModule } from './modules/staking/module.ts'
import { createStaking } from './modules/staking/staking.ts'
import { createHubBank } from './modules/transfer/hub-bank.ts'
import { INSURANCE_FUND } from './named-accounts.ts'
import { applicationOptions } from './node-options.ts'
import type { NodeOptions } from './node-options.ts'

/** What a hub is made with. */
export interface HubApplicationOptions extends NodeOptions {
  /** This validator's prices. */
  readonly priceSource: PriceSource
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
  options: Pick<HubApplicationOptions, 'priceSource' | 'bls' | 'attestationSigners'> & {
    readonly lightClients: readonly LightClient[]
    readonly keepVersions: bigint
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
  })
  const foundation = createFoundation(addresses, settlement.balanceChanged)
  const { ledger, transferLedger } = foundation
  const oracle = createOracle(options.priceSource)
  const risk = createRisk({
    balance: heldAsset,
    balances: heldAssets,
    price: oracle.price,
    pendingE6: settlement.pendingE6,
  })
  const lines = createLines(ledger)
  const { checkWithdrawal, checkFee } = risk
  const bank = createHubBank({ addresses, ledger: transferLedger, lines, checkWithdrawal })
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
  })
  const bridge = createBridge(foundation, {
    lightClients: options.lightClients,
    bank,
    checkWithdrawal,
    openListedLines,
    settlement,
  })
  const modules: Module[] = [
    ...bridge.modules,
    oracleModule(),
    riskModule(risk, addresses),
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
    checkFee,
  })
}

function heldAsset(context: ReadContext, holder: Holder, asset: bigint): HeldAsset | undefined {
  const store = context.store(LEDGER_STORE)
  const amount = readBalance(store, holder, asset)
  if (amount === 0n) return undefined
  const { denom, decimals } = readAsset(store, asset)
  return { asset, denom, decimals, amount }
}

function* heldAssets(context: ReadContext, holder: Holder): Iterable<HeldAsset> {
  const store = context.store(LEDGER_STORE)
  for (const { asset, amount } of balances(store, holder.account, holder.subaccount)) {
    const { denom, decimals } = readAsset(store, asset)
    yield { asset, denom, decimals, amount }
  }
}
