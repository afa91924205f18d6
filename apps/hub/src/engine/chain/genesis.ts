import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import type { PublicKey } from '@causeway/protocol/tendermint/crypto/keys'
import type { Validator } from '@causeway/protocol/tendermint/types/validator'
import { newValidator } from '@causeway/light-clients'
import { EMPTY_BYTES, fromHex, isProtocolError, toHexUpper, utf8 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { publicKeyFromJson, publicKeyToJson } from '../keys/public-key-json.ts'
import type { PublicKeyJson } from '../keys/public-key-json.ts'
import type { FullConsensusParams } from './consensus-params.ts'
import { paramsFromJson, paramsToJson } from './params-json.ts'
import type { ConsensusParamsJson } from './params-json.ts'
import { formatTime, parseTime } from './time.ts'

/** CometBFT's `genesis.json`. */
export interface GenesisJson {
  readonly genesis_time: string
  readonly chain_id: string
  readonly initial_height?: string
  readonly consensus_params?: Partial<ConsensusParamsJson>
  readonly validators?: readonly GenesisValidatorJson[] | null
  readonly app_hash?: string
  readonly app_state?: unknown
}

/** A validator of a genesis file. */
export interface GenesisValidatorJson {
  readonly address?: string
  readonly pub_key: PublicKeyJson
  readonly power: string
  readonly name?: string
}

/** A genesis, read and checked. */
export interface Genesis {
  readonly time: Timestamp
  readonly chainId: string
  readonly initialHeight: bigint
  readonly params: FullConsensusParams
  readonly validators: readonly GenesisValidator[]
  readonly appHash: Uint8Array
  /** JSON, as InitChain hands it over; empty when there is none. */
  readonly appState: Uint8Array
}

/** A validator of the genesis. */
export interface GenesisValidator {
  readonly validator: Validator
  readonly name: string
}

const CHAIN_ID_LENGTH_MAX = 50

/** Reads a genesis. Throws `engine/1`, `engine/2`, `engine/3`. */
export function parseGenesis(json: unknown): Genesis {
  if (typeof json !== 'object' || json === null) throw errors.badGenesis({ reason: 'it is no object' })
  const given = json as Partial<Record<keyof GenesisJson, unknown>>
  const chainId = given.chain_id
  if (typeof chainId !== 'string' || chainId === '' || chainId.length > CHAIN_ID_LENGTH_MAX) {
    throw errors.badGenesis({ reason: `chain_id must have 1 … ${CHAIN_ID_LENGTH_MAX} characters` })
  }
  if (typeof given.genesis_time !== 'string') throw errors.badGenesis({ reason: 'genesis_time is missing' })
  const initialHeight = integer(given.initial_height ?? '1', 'initial_height')
  if (initialHeight < 0n) throw errors.badGenesis({ reason: 'initial_height is negative' })
  return {
    time: parseTime(given.genesis_time),
    chainId,
    initialHeight: initialHeight === 0n ? 1n : initialHeight,
    params: paramsFromJson(given.consensus_params),
    validators: parseValidators(given.validators ?? []),
    appHash: typeof given.app_hash === 'string' ? fromHex(given.app_hash) : EMPTY_BYTES,
    appState: given.app_state === undefined ? EMPTY_BYTES : utf8(JSON.stringify(given.app_state)),
  }
}

/** Writes a genesis as CometBFT's RPC does. */
export function genesisToJson(genesis: Genesis): GenesisJson {
  return {
    genesis_time: formatTime(genesis.time),
    chain_id: genesis.chainId,
    initial_height: String(genesis.initialHeight),
    consensus_params: paramsToJson(genesis.params),
    ...(genesis.validators.length > 0 && {
      validators: genesis.validators.map(({ validator, name }) => ({
        address: toHexUpper(validator.address),
        pub_key: publicKeyToJson(validator.pubKey),
        power: String(validator.votingPower),
        name,
      })),
    }),
    app_hash: toHexUpper(genesis.appHash),
    ...(genesis.appState.length > 0 && {
      app_state: JSON.parse(new TextDecoder().decode(genesis.appState)) as unknown,
    }),
  }
}

function parseValidators(json: unknown): GenesisValidator[] {
  if (!Array.isArray(json)) throw errors.badGenesis({ reason: 'validators is no list' })
  return json.map((entry: Partial<Record<keyof GenesisValidatorJson, unknown>>, i) => {
    const power = integer(entry.power, `validators[${i}].power`)
    if (power <= 0n) throw errors.badGenesis({ reason: `validators[${i}] has no power` })
    const validator = newValidator(readKey(entry.pub_key, i), power)
    const address = entry.address
    if (
      typeof address === 'string' &&
      address !== '' &&
      address.toUpperCase() !== toHexUpper(validator.address)
    ) {
      throw errors.badGenesis({ reason: `validators[${i}].address is not its key's` })
    }
    return { validator, name: typeof entry.name === 'string' ? entry.name : '' }
  })
}

function readKey(json: unknown, i: number): PublicKey {
  try {
    return publicKeyFromJson(json)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.badGenesis({ reason: `validators[${i}].pub_key: ${error.message}` })
  }
}

function integer(value: unknown, name: string): bigint {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text === 'string' && /^-?\d{1,18}$/.test(text)) return BigInt(text)
  throw errors.badGenesis({ reason: `${name} is no integer` })
}
