// The members `staking` and `governance` of app_state for new hubs.
import { nobleG1Scheme, proveOfPossession } from '@causeway/light-clients'
import type { JsonValue } from '@causeway/primitives'
import { toHex } from '@causeway/primitives'
import { createAddressCodec } from '../identifiers.ts'
import type { Holder } from '../identifiers.ts'
import { INSURANCE_FUND, STAKE_POOL } from '../named-accounts.ts'
import type { GenesisBalance } from './app-state.ts'

/** A validator that has stake from the start. */
export interface GenesisValidator {
  /** The account that owns the stake: `cway1…`. */
  readonly operator: string
  /** Ed25519, 32 bytes: the key in the genesis file. */
  readonly consensusKey: Uint8Array
  /** 192 bytes, and the proof that the operator has its secret. */
  readonly blsKey: Uint8Array
  readonly blsPossession: Uint8Array
  readonly moniker: string
  /** Base units: the genesis file's power times `tokensPerPower`. */
  readonly stake: bigint
  readonly commissionBps?: number
}

/** What a new hub bonds, votes by, and insures itself with. */
export interface GenesisStake {
  readonly validators: readonly GenesisValidator[]
  readonly staking?: Partial<typeof STAKING_DEFAULTS>
  readonly governance?: Partial<typeof GOVERNANCE_DEFAULTS>
  /** Base units of the native token in the insurance fund. */
  readonly insurance?: bigint
}

const DAY_SECONDS = 86_400n
const UNIT = 1_000_000n

/** Parameters of a hub with blocks of a second. */
export const STAKING_DEFAULTS = {
  epochBlocks: DAY_SECONDS,
  unbondingSeconds: 21n * DAY_SECONDS,
  validatorsMax: 100n,
  tokensPerPower: UNIT,
  delegationMin: UNIT,
  bondMin: UNIT,
  equivocationSlashBps: 500n,
  attestationSlashBps: 500n,
  downtimeSlashBps: 1n,
  downtimeJailSeconds: 600n,
  signedWindowBlocks: 10_000n,
  signedMinBps: 5_000n,
}

/** Rules of votes of a hub. */
export const GOVERNANCE_DEFAULTS = {
  deposit: 1_000n * UNIT,
  votingSeconds: 3n * DAY_SECONDS,
  timelockSeconds: 2n * DAY_SECONDS,
  quorumBps: 3_340n,
  thresholdBps: 5_000n,
  vetoBps: 3_340n,
  openMax: 32n,
  trustingSecondsMax: 14n * DAY_SECONDS,
}

/** Proves that an operator has a BLS secret (32 bytes); gives the key and the proof. */
export function blsKeyOf(
  secret: Uint8Array,
  whose: { readonly chainId: string; readonly operator: string },
): Pick<GenesisValidator, 'blsKey' | 'blsPossession'> {
  const operator = createAddressCodec(prefixOf(whose.operator)).decode(whose.operator)
  const { key, proof } = proveOfPossession(nobleG1Scheme, secret, { chainId: whose.chainId, operator })
  return { blsKey: key, blsPossession: proof }
}

/** The members of app_state. */
export function stakeState(stake: GenesisStake): Record<'staking' | 'governance', JsonValue> {
  return {
    staking: {
      params: texts({ ...STAKING_DEFAULTS, ...stake.staking }),
      validators: stake.validators.map((validator) => ({
        operator: validator.operator,
        consensusKey: toHex(validator.consensusKey),
        blsKey: toHex(validator.blsKey),
        blsPossession: toHex(validator.blsPossession),
        moniker: validator.moniker,
        commissionBps: validator.commissionBps ?? 0,
        tokens: validator.stake.toString(),
        shares: validator.stake.toString(),
        delegations: [{ delegator: validator.operator, shares: validator.stake.toString() }],
      })),
    },
    governance: { params: texts({ ...GOVERNANCE_DEFAULTS, ...stake.governance }) },
  }
}

/** What the ledger has to hold for it. */
export function stakeBalances(stake: GenesisStake, denom: string): GenesisBalance[] {
  const addresses = createAddressCodec(prefixOf(stake.validators[0]?.operator ?? ''))
  const balance = (holder: Holder, amount: bigint): GenesisBalance[] =>
    amount === 0n ? [] : [{ holder: addresses.encodeHolder(holder), denom, amount }]
  const bonded = stake.validators.reduce((sum, validator) => sum + validator.stake, 0n)
  return [...balance(STAKE_POOL, bonded), ...balance(INSURANCE_FUND, stake.insurance ?? 0n)]
}

function prefixOf(address: string): string {
  return address.slice(0, address.lastIndexOf('1'))
}

function texts(values: Readonly<Record<string, bigint>>): JsonValue {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.toString()]))
}
