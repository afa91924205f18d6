// Validators and their stake, joined: what the block pipeline and other modules ask.
import { equalBytes, toHex } from '@causeway/primitives'
import { ValidatorSet } from '@causeway/protocol/causeway/staking/v1/staking'
import type { Validator } from '@causeway/protocol/causeway/staking/v1/staking'
import type { RequestInitChain } from '@causeway/protocol/tendermint/abci/types'
import type { ValidatorPorts } from '../../block/composition.ts'
import type { Context, ReadContext } from '../../block/context.ts'
import type { SetMember } from '../../block/transaction-zero.ts'
import { countMissing } from './downtime.ts'
import { errors } from './errors.ts'
import { judgeMisbehaviour } from './misbehaviour.ts'
import type { Pool } from './pool.ts'
import type { StakingPorts, Trust } from './ports.ts'
import { rotate, strongest } from './rotation.ts'
import { slashForFalseAttestation } from './slashing.ts'
import {
  STAKING_STORE,
  consensusAddress,
  delegations,
  findStakingParams,
  findValidator,
  readParams,
  readSet,
  readSetBytes,
  writeParams,
  writeSet,
  writeTrust,
} from './state.ts'
import { payOut, releaseStake } from './unbonding.ts'

/** A validator that signs attestations. */
export interface StakingAttestor {
  readonly operator: Uint8Array
  readonly consensusAddress: Uint8Array
  /** 192 bytes. */
  readonly key: Uint8Array
  readonly power: bigint
}

/** What is bonded with one validator, and the shares that it is divided into. */
export interface OperatorPool extends Pool {
  readonly operator: Uint8Array
}

/** Shares of one validator's pool that an account has. */
export interface DelegatedShares {
  readonly operator: Uint8Array
  readonly shares: bigint
}

/** What the pipeline and other modules ask about validators. */
export interface Staking extends ValidatorPorts {
  /** Absent on a chain whose validators are those of its genesis for ever. */
  readonly ports: StakingPorts | undefined
  /** Who attests a height: the members of its set that have a BLS key, in the order of the set. */
  attestorsAt(context: ReadContext, height: bigint): readonly StakingAttestor[]
  /** Slashes and tombstones; false, and nothing happens, for who is unknown or tombstoned already. */
  slashForFalseAttestation(context: Context, operator: Uint8Array, infractionHeight: bigint): boolean
  /** Notes how long the client of a listed line trusts a header: stake stays slashable for longer. */
  trusts(context: Context, trust: Trust): void
  /** Pools of the validators that sign this height. */
  activePools(context: ReadContext): readonly OperatorPool[]
  /** What an account has bonded, by validator. */
  delegatedBy(context: ReadContext, delegator: Uint8Array): readonly DelegatedShares[]
}

/** Makes the staking of a chain; without ports the set of the genesis file stays. */
export function createStaking(ports?: StakingPorts): Staking {
  const membersAt = rememberingSets()
  return {
    ports,
    initChain(context, request) {
      const store = context.store(STAKING_STORE)
      const enabled = request.consensusParams?.abci?.voteExtensionsEnableHeight ?? 0n
      writeParams(store, { initialHeight: request.initialHeight, voteExtensionsEnableHeight: enabled })
      writeSet(store, request.initialHeight, { validators: genesisValidators(request) })
    },
    validatorsAt: (context, height) => membersAt(context, height).members,
    bondedSet,
    attestorsAt: (context, height) => membersAt(context, height).attestors,
    initialHeight: (context) => readParams(context.store(STAKING_STORE)).initialHeight,
    voteExtensionsEnableHeight: (context) =>
      readParams(context.store(STAKING_STORE)).voteExtensionsEnableHeight,
    beginBlock(context, { lastCommit, misbehaviour }) {
      const params = findStakingParams(context.store(STAKING_STORE))
      if (ports === undefined || params === undefined) return
      judgeMisbehaviour(ports, context, params, misbehaviour)
      countMissing(ports, context, params, lastCommit)
      releaseStake(context, params.unbondingSeconds)
      payOut(ports, context)
    },
    endBlock: (context) => (ports === undefined ? [] : rotate(ports, context)),
    slashForFalseAttestation: (context, operator, infractionHeight) =>
      ports !== undefined && slashForFalseAttestation(ports, context, operator, infractionHeight),
    trusts: (context, { clientId, seconds }) => writeTrust(context.store(STAKING_STORE), clientId, seconds),
    activePools,
    delegatedBy: (context, delegator) => [...delegations(context.store(STAKING_STORE), delegator)],
  }
}

function bondedSet(context: ReadContext): SetMember[] {
  const params = findStakingParams(context.store(STAKING_STORE))
  return params === undefined ? [] : strongest(context, params).map(memberOf)
}

function activePools(context: ReadContext): OperatorPool[] {
  const store = context.store(STAKING_STORE)
  return readSet(store, context.height).validators.flatMap(({ operator }) => {
    const validator = findValidator(store, operator)
    return validator === undefined ? [] : [{ operator, tokens: validator.tokens, shares: validator.shares }]
  })
}

interface Members {
  readonly from: Uint8Array
  readonly members: readonly SetMember[]
  readonly attestors: readonly StakingAttestor[]
}

/** The set changes rarely: equal stored bytes are decoded once. They are read each time, as gas counts it. */
function rememberingSets(): (context: ReadContext, height: bigint) => Members {
  let remembered: Members | undefined
  return (context, height) => {
    const from = readSetBytes(context.store(STAKING_STORE), height)
    if (remembered === undefined || !equalBytes(remembered.from, from)) {
      const { validators } = ValidatorSet.decode(from.slice())
      remembered = {
        from: from.slice(),
        members: validators.map(memberOf),
        attestors: attestorsOf(validators),
      }
    }
    return remembered
  }
}

function memberOf({ publicKey, power }: Validator): SetMember {
  return { address: consensusAddress(publicKey), publicKey, power }
}

function attestorsOf(validators: readonly Validator[]): StakingAttestor[] {
  return validators
    .filter(({ blsKey }) => blsKey.length > 0)
    .map(({ operator, publicKey, blsKey, power }) => ({
      operator,
      consensusAddress: consensusAddress(publicKey),
      key: blsKey,
      power,
    }))
}

function genesisValidators(request: RequestInitChain): Validator[] {
  if (request.validators.length === 0) throw errors.noValidators()
  const seen = new Set<string>()
  const nobody = new Uint8Array(0)
  return request.validators.map(({ pubKey, power }, index) => {
    const publicKey = pubKey?.ed25519
    if (publicKey?.length !== 32 || power <= 0n || seen.has(toHex(publicKey)))
      throw errors.badValidator({ index })
    seen.add(toHex(publicKey))
    return { publicKey, power, operator: nobody, blsKey: nobody }
  })
}
