import { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import { BlockID } from '@causeway/protocol/tendermint/types/types'
import { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { fromNanoseconds, hashValidatorSet, toNanoseconds } from '@causeway/light-clients'
import { fromBase64, fromUtf8, utf8 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { ChainState } from './chain-state.ts'
import type { FullConsensusParams } from './consensus-params.ts'

const VERSION = 1

interface StateJson {
  readonly version: number
  readonly chainId: string
  readonly initialHeight: string
  readonly appVersion: string
  readonly lastHeight: string
  readonly lastBlockId: string
  readonly lastTimeNanoseconds: string
  readonly lastValidators: string
  readonly validators: string
  readonly nextValidators: string
  readonly params: string
  readonly lastResultsHash: string
  readonly appHash: string
}

/** The stored form of a chain state: JSON, protobuf messages in it as base64. */
export function encodeState(state: ChainState): Uint8Array {
  const json: StateJson = {
    version: VERSION,
    chainId: state.chainId,
    initialHeight: String(state.initialHeight),
    appVersion: String(state.appVersion),
    lastHeight: String(state.lastHeight),
    lastBlockId: base64(BlockID.encode(state.lastBlockId).finish()),
    lastTimeNanoseconds: String(toNanoseconds(state.lastTime)),
    lastValidators: base64(ValidatorSet.encode(state.lastValidators).finish()),
    validators: base64(ValidatorSet.encode(state.validators).finish()),
    nextValidators: base64(ValidatorSet.encode(state.nextValidators).finish()),
    params: base64(ConsensusParams.encode(state.params).finish()),
    lastResultsHash: base64(state.lastResultsHash),
    appHash: base64(state.appHash),
  }
  return utf8(JSON.stringify(json))
}

/** Reads a stored chain state. Throws `engine/21`. */
export function decodeState(bytes: Uint8Array): ChainState {
  try {
    const json = JSON.parse(fromUtf8(bytes)) as StateJson
    if (json.version !== VERSION) throw new RangeError('another version')
    const validators = ValidatorSet.decode(fromBase64(json.validators))
    const nextValidators = ValidatorSet.decode(fromBase64(json.nextValidators))
    return {
      chainId: json.chainId,
      initialHeight: BigInt(json.initialHeight),
      appVersion: BigInt(json.appVersion),
      lastHeight: BigInt(json.lastHeight),
      lastBlockId: BlockID.decode(fromBase64(json.lastBlockId)),
      lastTime: fromNanoseconds(BigInt(json.lastTimeNanoseconds)),
      lastValidators: ValidatorSet.decode(fromBase64(json.lastValidators)),
      validators,
      validatorsHash: hashValidatorSet(validators),
      nextValidators,
      nextValidatorsHash: hashValidatorSet(nextValidators),
      params: decodeParams(fromBase64(json.params)),
      lastResultsHash: fromBase64(json.lastResultsHash),
      appHash: fromBase64(json.appHash),
    }
  } catch {
    throw errors.badRecord({ what: 'chain state' })
  }
}

/** Reads stored consensus parameters. Throws `engine/21`. */
export function decodeParams(bytes: Uint8Array): FullConsensusParams {
  const { block, evidence, validator, version, abci } = ConsensusParams.decode(bytes)
  if (!block || !evidence || !validator || !version || !abci) throw errors.badRecord({ what: 'parameters' })
  return { block, evidence, validator, version, abci }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
