import type {
  Event,
  ExecTxResult,
  ResponseCheckTx,
  ResponseFinalizeBlock,
  ResponseInfo,
  ResponseQuery,
  ValidatorUpdate,
} from '@causeway/protocol/tendermint/abci/types'
import type { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import type { Validator } from '@causeway/protocol/tendermint/types/validator'
import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import { publicKeyToJson } from '../keys/public-key-json.ts'
import { base64, base64OrNull, hex, listOrNull } from './scalars.ts'
import type { Json } from './scalars.ts'

/*
 * CometBFT writes ABCI messages in two ways: with every field (its jsonpb marshaller), or, where a message is
 * a field of a Go struct, without the fields that are zero. `full…` and `lean…` are these two.
 */

/** An event with all its fields. */
export function fullEventJson(event: Event): Json {
  return { type: event.type, attributes: event.attributes.map(attributeJson) }
}

/** An event as a field of a Go struct. */
export function leanEventJson(event: Event): Json {
  return {
    ...(event.type !== '' && { type: event.type }),
    ...(event.attributes.length > 0 && { attributes: event.attributes.map(attributeJson) }),
  }
}

/** The result of a transaction, or of CheckTx, with all its fields. */
export function fullResultJson(result: ExecTxResult | ResponseCheckTx): Json {
  return {
    code: result.code,
    data: base64OrNull(result.data),
    log: result.log,
    info: result.info,
    gas_wanted: String(result.gasWanted),
    gas_used: String(result.gasUsed),
    events: result.events.map(fullEventJson),
    codespace: result.codespace,
  }
}

/** The result of a transaction as a field of a Go struct. */
export function leanResultJson(result: ExecTxResult): Json {
  return {
    ...(result.code !== 0 && { code: result.code }),
    ...(result.data.length > 0 && { data: base64(result.data) }),
    ...(result.log !== '' && { log: result.log }),
    ...(result.info !== '' && { info: result.info }),
    ...(result.gasWanted !== 0n && { gas_wanted: String(result.gasWanted) }),
    ...(result.gasUsed !== 0n && { gas_used: String(result.gasUsed) }),
    ...(result.events.length > 0 && { events: result.events.map(leanEventJson) }),
    ...(result.codespace !== '' && { codespace: result.codespace }),
  }
}

/** The application's answer to a query. */
export function queryJson(response: ResponseQuery): Json {
  const { proofOps } = response
  return {
    code: response.code,
    log: response.log,
    info: response.info,
    index: String(response.index),
    key: base64OrNull(response.key),
    value: base64OrNull(response.value),
    proofOps: proofOps
      ? {
          ops: proofOps.ops.map(({ type, key, data }) => ({
            type,
            key: base64OrNull(key),
            data: base64OrNull(data),
          })),
        }
      : null,
    height: String(response.height),
    codespace: response.codespace,
  }
}

/** The application's introduction. */
export function infoJson(response: ResponseInfo): Json {
  return {
    ...(response.data !== '' && { data: response.data }),
    ...(response.version !== '' && { version: response.version }),
    ...(response.appVersion !== 0n && { app_version: String(response.appVersion) }),
    ...(response.lastBlockHeight !== 0n && { last_block_height: String(response.lastBlockHeight) }),
    ...(response.lastBlockAppHash.length > 0 && { last_block_app_hash: base64(response.lastBlockAppHash) }),
  }
}

/** The application's answer to a block, as `block_results` gives it. */
export function blockResultsJson(height: bigint, response: ResponseFinalizeBlock): Json {
  const updates = response.consensusParamUpdates
  return {
    height: String(height),
    txs_results: listOrNull(response.txResults, fullResultJson),
    finalize_block_events: listOrNull(response.events, leanEventJson),
    validator_updates: listOrNull(response.validatorUpdates, validatorUpdateJson),
    consensus_param_updates: updates ? paramUpdatesJson(updates) : null,
    app_hash: base64OrNull(response.appHash),
  }
}

/** The application's answer to a block, as the event `NewBlock` gives it. */
export function leanFinalizeJson(response: ResponseFinalizeBlock): Json {
  const updates = response.consensusParamUpdates
  return {
    ...(response.events.length > 0 && { events: response.events.map(leanEventJson) }),
    ...(response.txResults.length > 0 && { tx_results: response.txResults.map(fullResultJson) }),
    validator_updates: listOrNull(response.validatorUpdates, validatorUpdateJson),
    ...(updates && { consensus_param_updates: paramUpdatesJson(updates) }),
    ...(response.appHash.length > 0 && { app_hash: base64(response.appHash) }),
  }
}

/** A validator of a set. */
export function validatorJson(validator: Validator): Json {
  const { type, value } = publicKeyToJson(validator.pubKey)
  return {
    address: hex(validator.address),
    pub_key: { type, value },
    voting_power: String(validator.votingPower),
    proposer_priority: String(validator.proposerPriority),
  }
}

function attributeJson({ key, value, index }: Event['attributes'][number]): Json {
  return { key, value, index }
}

function validatorUpdateJson({ pubKey, power }: ValidatorUpdate): Json {
  const sum = pubKey?.secp256k1
    ? { type: 'tendermint.crypto.PublicKey_Secp256K1', value: { secp256k1: base64(pubKey.secp256k1) } }
    : {
        type: 'tendermint.crypto.PublicKey_Ed25519',
        value: { ed25519: base64(pubKey?.ed25519 ?? new Uint8Array(0)) },
      }
  return { pub_key: { Sum: sum }, ...(power !== 0n && { power: String(power) }) }
}

function paramUpdatesJson({ block, evidence, validator, version, abci }: ConsensusParams): Json {
  const age = evidence?.maxAgeDuration
  const nonZero = (value: bigint): string | undefined => (value === 0n ? undefined : String(value))
  return {
    ...(block && { block: { max_bytes: nonZero(block.maxBytes), max_gas: nonZero(block.maxGas) } }),
    ...(evidence && {
      evidence: {
        max_age_num_blocks: nonZero(evidence.maxAgeNumBlocks),
        max_age_duration: String((age?.seconds ?? 0n) * NANOSECONDS_PER_SECOND + BigInt(age?.nanos ?? 0)),
        max_bytes: nonZero(evidence.maxBytes),
      },
    }),
    ...(validator && { validator: { pub_key_types: validator.pubKeyTypes } }),
    ...(version && { version: { app: nonZero(version.app) } }),
    ...(abci && { abci: { vote_extensions_enable_height: nonZero(abci.voteExtensionsEnableHeight) } }),
  }
}
