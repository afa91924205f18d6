import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import type {
  ResponseFinalizeBlock,
  ResponseInitChain,
  ValidatorUpdate,
} from '@causeway/protocol/tendermint/abci/types'
import type { BlockID, Header } from '@causeway/protocol/tendermint/types/types'
import type { Validator, ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import {
  createValidatorSet,
  hashResults,
  hashValidatorSet,
  incrementProposerPriority,
  newValidator,
  updateValidatorSet,
} from '@causeway/light-clients'
import { EMPTY_BYTES, isProtocolError } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { updateParams } from './consensus-params.ts'
import type { FullConsensusParams } from './consensus-params.ts'
import type { Genesis } from './genesis.ts'

/** What is needed to make and to check the next block: everything that the last one left behind. */
export interface ChainState {
  readonly chainId: string
  readonly initialHeight: bigint
  readonly appVersion: bigint
  /** 0 before the first block. */
  readonly lastHeight: bigint
  readonly lastBlockId: BlockID
  /** Before the first block: the genesis time. */
  readonly lastTime: Timestamp
  readonly lastValidators: ValidatorSet
  readonly validators: ValidatorSet
  readonly validatorsHash: Uint8Array
  readonly nextValidators: ValidatorSet
  readonly nextValidatorsHash: Uint8Array
  readonly params: FullConsensusParams
  readonly lastResultsHash: Uint8Array
  /** The application's answer to the last block; it stands in the next header. */
  readonly appHash: Uint8Array
}

const NO_VALIDATORS: ValidatorSet = { validators: [], proposer: undefined, totalVotingPower: 0n }

/** Makes an empty block id, as it stands before the first block. */
export function emptyBlockId(): BlockID {
  return { hash: EMPTY_BYTES, partSetHeader: { total: 0, hash: EMPTY_BYTES } }
}

/** Height of the block that comes next. */
export function nextHeight(state: ChainState): bigint {
  return state.lastHeight === 0n ? state.initialHeight : state.lastHeight + 1n
}

/** The state before the first block. Throws `07-tendermint/50` and others for a bad validator set. */
export function genesisState(genesis: Genesis, appVersion: bigint): ChainState {
  const sets = validatorSets(genesis.validators.map(({ validator }) => validator))
  return {
    chainId: genesis.chainId,
    initialHeight: genesis.initialHeight,
    appVersion,
    lastHeight: 0n,
    lastBlockId: emptyBlockId(),
    lastTime: genesis.time,
    lastValidators: NO_VALIDATORS,
    ...sets,
    params: genesis.params,
    lastResultsHash: hashResults([]),
    appHash: genesis.appHash,
  }
}

/**
 * The state before the first block with what the application made of the genesis. Throws `engine/1`, `/3`,
 * `/46`.
 */
export function withInitChain(state: ChainState, response: ResponseInitChain): ChainState {
  const validators = response.validators.map((update) => toValidator(update))
  if (validators.length === 0 && state.validators.validators.length === 0) {
    throw errors.badGenesis({ reason: 'neither the genesis nor the application names a validator' })
  }
  const params = response.consensusParams
    ? updateParams(state.params, response.consensusParams, 0n)
    : state.params
  return {
    ...state,
    ...(validators.length > 0 && validatorSets(validators)),
    params,
    appVersion: response.consensusParams ? params.version.app : state.appVersion,
    appHash: response.appHash.length > 0 ? response.appHash : state.appHash,
  }
}

/**
 * The state after a block: new validators sign from the block after the next on, new parameters rule from the
 * next. Throws `engine/3`, `engine/46`, `07-tendermint/48`–`/53`.
 */
export function afterBlock(
  state: ChainState,
  header: Header,
  blockId: BlockID,
  response: ResponseFinalizeBlock,
  resultsHash: Uint8Array,
): ChainState {
  const changes = response.validatorUpdates.map((update) => toValidator(update, state.params))
  const updated = updateValidatorSet(state.nextValidators, changes)
  const params = response.consensusParamUpdates
    ? updateParams(state.params, response.consensusParamUpdates, header.height)
    : state.params
  return {
    ...state,
    appVersion: response.consensusParamUpdates ? params.version.app : state.appVersion,
    lastHeight: header.height,
    lastBlockId: blockId,
    lastTime: header.time!,
    lastValidators: state.validators,
    validators: state.nextValidators,
    validatorsHash: state.nextValidatorsHash,
    nextValidators: incrementProposerPriority(updated, 1),
    nextValidatorsHash: changes.length === 0 ? state.nextValidatorsHash : hashValidatorSet(updated),
    params,
    lastResultsHash: resultsHash,
    appHash: response.appHash,
  }
}

/** A validator as an application names it. Throws `engine/46`. */
export function toValidator(update: ValidatorUpdate, params?: FullConsensusParams): Validator {
  if (update.power < 0n) throw errors.badValidatorUpdate({ reason: 'a power is negative' })
  const type = update.pubKey?.secp256k1 ? 'secp256k1' : 'ed25519'
  if (params && update.power > 0n && !params.validator.pubKeyTypes.includes(type)) {
    throw errors.badValidatorUpdate({ reason: `keys of type ${type} can't sign blocks` })
  }
  try {
    return newValidator(update.pubKey ?? {}, update.power)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.badValidatorUpdate({ reason: error.message })
  }
}

type Sets = Pick<ChainState, 'validators' | 'validatorsHash' | 'nextValidators' | 'nextValidatorsHash'>

function validatorSets(list: readonly Validator[]): Sets {
  if (list.length === 0) {
    const hash = hashValidatorSet(NO_VALIDATORS)
    return {
      validators: NO_VALIDATORS,
      validatorsHash: hash,
      nextValidators: NO_VALIDATORS,
      nextValidatorsHash: hash,
    }
  }
  const validators = createValidatorSet(list)
  const hash = hashValidatorSet(validators)
  return {
    validators,
    validatorsHash: hash,
    nextValidators: incrementProposerPriority(validators, 1),
    nextValidatorsHash: hash,
  }
}
