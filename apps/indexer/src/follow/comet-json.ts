// CometBFT 0.38's JSON, as its RPC serves it, into the protobuf types that are hashed and verified.

import { z } from 'zod'
import { fromBase64, fromHex, U64_MAX } from '@causeway/primitives'
import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'

const LIST_MAX = 1_000_000
const VALIDATORS_MAX = 10_000
const ATTRIBUTES_MAX = 100_000

const hex = z.string().transform((text, context) => attempt(() => fromHex(text.toLowerCase()), context))
const base64 = z.string().transform((text, context) => attempt(() => fromBase64(text), context))
const int64 = z
  .string()
  .regex(/^(0|-?[1-9][0-9]{0,18})$/)
  .transform((text) => BigInt(text))
const height = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,18})$/)
  .transform((text) => BigInt(text))
const u64 = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,19})$/)
  .transform((text) => BigInt(text))
  .refine((value) => value <= U64_MAX)
const int32 = z.int().min(0).max(0x7fffffff)
const emptyBytes = (): Uint8Array => new Uint8Array(0)
const optionalBase64 = base64.nullish().transform((value) => value ?? emptyBytes())
const time = z.string().transform((text, context) => attempt(() => parseTime(text), context))

const blockId = z
  .object({ hash: hex, parts: z.object({ total: int32, hash: hex }) })
  .transform(({ hash, parts }) => ({ hash, partSetHeader: parts }))

const header = z
  .object({
    version: z.object({ block: u64.optional(), app: u64.optional() }),
    chain_id: z.string().max(50),
    height,
    time,
    last_block_id: blockId.nullish(),
    last_commit_hash: hex,
    data_hash: hex,
    validators_hash: hex,
    next_validators_hash: hex,
    consensus_hash: hex,
    app_hash: hex,
    last_results_hash: hex,
    evidence_hash: hex,
    proposer_address: hex,
  })
  .transform((json) => ({
    version: { block: json.version.block ?? 0n, app: json.version.app ?? 0n },
    chainId: json.chain_id,
    height: json.height,
    time: json.time,
    lastBlockId: json.last_block_id ?? undefined,
    lastCommitHash: json.last_commit_hash,
    dataHash: json.data_hash,
    validatorsHash: json.validators_hash,
    nextValidatorsHash: json.next_validators_hash,
    consensusHash: json.consensus_hash,
    appHash: json.app_hash,
    lastResultsHash: json.last_results_hash,
    evidenceHash: json.evidence_hash,
    proposerAddress: json.proposer_address,
  }))

const commitSignature = z
  .object({
    block_id_flag: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    validator_address: hex,
    timestamp: time,
    signature: optionalBase64,
  })
  .transform((json) => ({
    blockIdFlag: json.block_id_flag,
    validatorAddress: json.validator_address,
    timestamp: json.timestamp,
    signature: json.signature,
  }))

const commit = z
  .object({
    height,
    round: int32,
    block_id: blockId,
    signatures: z.array(commitSignature).max(VALIDATORS_MAX),
  })
  .transform((json) => ({
    height: json.height,
    round: json.round,
    blockId: json.block_id,
    signatures: json.signatures,
  }))

const event = z.object({
  type: z.string(),
  attributes: z
    .array(
      z.object({
        key: z.string(),
        value: z
          .string()
          .nullish()
          .transform((value) => value ?? ''),
      }),
    )
    .max(ATTRIBUTES_MAX)
    .nullish()
    .transform((list) => list ?? []),
})
const events = z
  .array(event)
  .max(LIST_MAX)
  .nullish()
  .transform((list) => list ?? [])

const transactionResult = z
  .object({
    code: z.int().min(0).max(0xffffffff).default(0),
    data: optionalBase64,
    gas_wanted: int64.default(0n),
    gas_used: int64.default(0n),
    events,
    codespace: z.string().default(''),
  })
  .transform((json) => ({
    code: json.code,
    data: json.data,
    log: '',
    info: '',
    gasWanted: json.gas_wanted,
    gasUsed: json.gas_used,
    events: json.events,
    codespace: json.codespace,
  }))

const publicKey = z
  .object({ type: z.string(), value: base64 })
  .transform(({ type, value }) =>
    type === 'tendermint/PubKeyEd25519'
      ? { ed25519: value }
      : type === 'tendermint/PubKeySecp256k1'
        ? { secp256k1: value }
        : {},
  )

const validator = z
  .object({ address: hex, pub_key: publicKey, voting_power: int64, proposer_priority: int64.default(0n) })
  .transform((json) => ({
    address: json.address,
    pubKey: json.pub_key,
    votingPower: json.voting_power,
    proposerPriority: json.proposer_priority,
  }))

/** `/status` */
export const statusAnswer = z.object({
  node_info: z.object({ network: z.string().max(50) }),
  sync_info: z.object({
    latest_block_height: height,
    latest_block_time: time,
    earliest_block_height: height.default(1n),
    catching_up: z.boolean(),
  }),
})

/** `/block` */
export const blockAnswer = z.object({
  block_id: blockId,
  block: z.object({
    header,
    data: z.object({
      txs: z
        .array(base64)
        .max(LIST_MAX)
        .nullish()
        .transform((list) => list ?? []),
    }),
  }),
})

/** `/block_results` */
export const blockResultsAnswer = z.object({
  height,
  txs_results: z
    .array(transactionResult)
    .max(LIST_MAX)
    .nullish()
    .transform((list) => list ?? []),
  finalize_block_events: events,
})

/** `/commit` */
export const commitAnswer = z.object({ signed_header: z.object({ header, commit }) })

/** `/validators` */
export const validatorsAnswer = z.object({
  block_height: height,
  validators: z.array(validator).max(VALIDATORS_MAX),
  total: height,
})

/** `/abci_query` */
export const abciQueryAnswer = z.object({
  response: z.object({
    code: z.int().min(0).default(0),
    log: z.string().default(''),
    key: optionalBase64,
    value: optionalBase64,
    proofOps: z
      .object({
        ops: z
          .array(z.object({ type: z.string(), key: optionalBase64, data: optionalBase64 }))
          .max(16)
          .nullish()
          .transform((list) => list ?? []),
      })
      .nullish(),
    height: height.default(0n),
    codespace: z.string().default(''),
  }),
})

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/

/** An RFC 3339 time in UTC with up to nine decimals, years 1 to 9999. Throws when it is none. */
export function parseTime(text: string): Timestamp {
  const match = RFC3339.exec(text)
  if (match === null) throw new Error('not an RFC 3339 time in UTC')
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number)
  const date = new Date(0)
  date.setUTCFullYear(year!, month! - 1, day!)
  date.setUTCHours(hour!, minute!, second!, 0)
  if (date.toISOString().slice(0, 19) !== text.slice(0, 19)) throw new Error('no such day or time')
  return { seconds: BigInt(date.getTime()) / 1000n, nanos: Number((match[7] ?? '').padEnd(9, '0')) }
}

function attempt<T>(parse: () => T, context: z.core.$RefinementCtx): T {
  try {
    return parse()
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'malformed' })
    return z.NEVER
  }
}
