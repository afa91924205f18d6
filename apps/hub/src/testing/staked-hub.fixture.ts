// A hub whose validators have stake: the same keys for the same names.
import { nobleG1Scheme, proveOfPossession } from '@causeway/light-clients'
import { sha256, utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { MsgSubmitProposal, MsgVote } from '@causeway/protocol/causeway/governance/v1/tx'
import {
  MsgCreateValidator,
  MsgDelegate,
  MsgEditValidator,
  MsgUndelegate,
  MsgUnjail,
  MsgWithdrawRewards,
} from '@causeway/protocol/causeway/staking/v1/tx'
import { hubAppState } from '../genesis/app-state.ts'
import type { GenesisStake, GenesisValidator } from '../genesis/stake-state.ts'
import { Wallet } from './wallet.fixture.ts'

/** Base units behind one unit of power. */
export const POWER = 1_000_000n

/** The BLS secret of a test validator. */
export function blsSecret(name: string): Uint8Array {
  const secret = sha256(utf8(`test bls ${name}`))
  secret[0] = 0
  return secret
}

/** A BLS key with its proof for an operator. */
export function blsKey(name: string, operator: Uint8Array, chainId = 'causeway-1') {
  const known = `${name} ${Buffer.from(operator).toString('hex')} ${chainId}`
  const made = keys.get(known) ?? proveOfPossession(nobleG1Scheme, blsSecret(name), { chainId, operator })
  keys.set(known, made)
  return { blsKey: made.key, blsPossession: made.proof }
}

const keys = new Map<string, { key: Uint8Array; proof: Uint8Array }>()

/** The operator of a test validator. */
export function operatorOf(name: string): Wallet {
  return new Wallet(`operator ${name}`)
}

/** A validator of a genesis with this power. */
export function genesisValidator(
  name: string,
  consensusKey: Uint8Array,
  power: bigint,
  changes: Partial<GenesisValidator> = {},
): GenesisValidator {
  const operator = operatorOf(name)
  return {
    operator: operator.address,
    consensusKey,
    ...blsKey(name, operator.id),
    moniker: name,
    stake: power * POWER,
    ...changes,
  }
}

/** Genesis with funded wallets; epochs of 4 blocks, votes of 20 s, a timelock of 10 s. */
export function stakedGenesis(wallets: readonly Wallet[], stake: GenesisStake): JsonValue {
  return hubAppState({
    denom: 'ucway',
    gasPriceE9: 25_000_000n,
    balances: wallets.map(({ address }) => ({ holder: address, denom: 'ucway', amount: 1_000_000_000n })),
    stake: {
      insurance: 5_000_000n,
      ...stake,
      staking: {
        epochBlocks: 4n,
        unbondingSeconds: 1_000n,
        signedWindowBlocks: 10n,
        delegationMin: 1_000n,
        ...stake.staking,
      },
      governance: { votingSeconds: 20n, timelockSeconds: 10n, deposit: 10_000_000n, ...stake.governance },
    },
  })
}

const CODECS = {
  'staking.v1.MsgCreateValidator': MsgCreateValidator,
  'staking.v1.MsgEditValidator': MsgEditValidator,
  'staking.v1.MsgDelegate': MsgDelegate,
  'staking.v1.MsgUndelegate': MsgUndelegate,
  'staking.v1.MsgWithdrawRewards': MsgWithdrawRewards,
  'staking.v1.MsgUnjail': MsgUnjail,
  'governance.v1.MsgSubmitProposal': MsgSubmitProposal,
  'governance.v1.MsgVote': MsgVote,
} as const

type Codecs = typeof CODECS
type MessageOf<Name extends keyof Codecs> = ReturnType<Codecs[Name]['decode']>

/** A message of staking or governance in its envelope. */
export function stakeMessage<Name extends keyof Codecs>(name: Name, value: MessageOf<Name>): Any {
  const codec = CODECS[name] as unknown as { encode(message: MessageOf<Name>): { finish(): Uint8Array } }
  return { typeUrl: `/causeway.${name}`, value: codec.encode(value).finish() }
}
