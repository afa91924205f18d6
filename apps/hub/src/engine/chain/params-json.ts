import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { DEFAULT_CONSENSUS_PARAMS, durationNanoseconds, validateParams } from './consensus-params.ts'
import type { FullConsensusParams } from './consensus-params.ts'

/** Consensus parameters as genesis files and the RPC write them: 64-bit integers are strings. */
export interface ConsensusParamsJson {
  readonly block: { readonly max_bytes: string; readonly max_gas: string }
  readonly evidence: {
    readonly max_age_num_blocks: string
    readonly max_age_duration: string
    readonly max_bytes: string
  }
  readonly validator: { readonly pub_key_types: readonly string[] }
  readonly version: { readonly app: string }
  readonly abci: { readonly vote_extensions_enable_height: string }
}

/** Writes parameters in CometBFT's JSON. */
export function paramsToJson(params: FullConsensusParams): ConsensusParamsJson {
  return {
    block: { max_bytes: String(params.block.maxBytes), max_gas: String(params.block.maxGas) },
    evidence: {
      max_age_num_blocks: String(params.evidence.maxAgeNumBlocks),
      max_age_duration: String(durationNanoseconds(params)),
      max_bytes: String(params.evidence.maxBytes),
    },
    validator: { pub_key_types: params.validator.pubKeyTypes },
    version: { app: String(params.version.app) },
    abci: { vote_extensions_enable_height: String(params.abci.voteExtensionsEnableHeight) },
  }
}

/** Reads parameters of a genesis; a group that is absent has CometBFT's default. Throws `engine/3`. */
export function paramsFromJson(json: unknown): FullConsensusParams {
  if (json === undefined || json === null) return DEFAULT_CONSENSUS_PARAMS
  const base = paramsToJson(DEFAULT_CONSENSUS_PARAMS)
  const given = requireObject(json, 'consensus_params')
  const group = <Name extends keyof ConsensusParamsJson>(name: Name): Record<string, unknown> => ({
    ...base[name],
    ...(given[name] === undefined || given[name] === null ? {} : requireObject(given[name], name)),
  })
  const [block, evidence] = [group('block'), group('evidence')]
  const age = requireInteger(evidence['max_age_duration'], 'evidence.max_age_duration')
  const params: FullConsensusParams = {
    block: {
      maxBytes: requireInteger(block['max_bytes'], 'block.max_bytes'),
      maxGas: requireInteger(block['max_gas'], 'block.max_gas'),
    },
    evidence: {
      maxAgeNumBlocks: requireInteger(evidence['max_age_num_blocks'], 'evidence.max_age_num_blocks'),
      maxAgeDuration: {
        seconds: age / NANOSECONDS_PER_SECOND,
        nanos: Number(age % NANOSECONDS_PER_SECOND),
      },
      maxBytes: requireInteger(evidence['max_bytes'], 'evidence.max_bytes'),
    },
    validator: { pubKeyTypes: requireTexts(group('validator')['pub_key_types']) },
    version: { app: requireInteger(group('version')['app'], 'version.app') },
    abci: {
      voteExtensionsEnableHeight: requireInteger(
        group('abci')['vote_extensions_enable_height'],
        'abci.vote_extensions_enable_height',
      ),
    },
  }
  validateParams(params)
  return params
}

function requireObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw errors.badParams({ reason: `${name} is no object` })
  }
  return value as Record<string, unknown>
}

function requireInteger(value: unknown, name: string): bigint {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text))
    throw errors.badParams({ reason: `${name} is no integer` })
  const integer = BigInt(text)
  if (BigInt.asIntN(64, integer) !== integer) throw errors.badParams({ reason: `${name} is over 63 bits` })
  return integer
}

function requireTexts(value: unknown): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as string[]
  throw errors.badParams({ reason: 'validator.pub_key_types is no list of texts' })
}
