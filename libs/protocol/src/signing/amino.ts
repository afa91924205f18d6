// SIGN_MODE_LEGACY_AMINO_JSON: the sign document as CosmJS writes it, and ADR-036 for a word that is no
// transaction.
import { assert, canonicalJson, fromUtf8, toBase64, utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { Any } from '../generated/google/protobuf/any.ts'
import { checkStrict } from '../strict/decode-strict.ts'
import { hasSigningFields, signingFields } from './field-names.ts'
import type { SigningField } from './field-names.ts'
import { readFields } from './read-fields.ts'
import type { RawValue } from './read-fields.ts'

/** What an amino sign document is made of. */
export interface AminoParts {
  readonly chainId: string
  readonly accountNumber: bigint
  readonly sequence: bigint
  readonly fee: readonly { readonly denom: string; readonly amount: string }[]
  readonly gasLimit: bigint
  readonly memo: string
  /** 0 = none. */
  readonly timeoutHeight: bigint
  readonly messages: readonly Any[]
}

const UPSTREAM: Readonly<Record<string, string>> = {
  '/cosmos.bank.v1beta1.MsgSend': 'cosmos-sdk/MsgSend',
  '/ibc.applications.transfer.v1.MsgTransfer': 'cosmos-sdk/MsgTransfer',
}
const OWN = /^\/causeway\.[a-z0-9_.]+\.v[0-9]+\.(Msg\w+)$/

/** The amino name of a message, or nothing: `cosmos-sdk/…` of what others know, `causeway/Msg…` of ours. */
export function aminoType(typeUrl: string): string | undefined {
  const own = OWN.exec(typeUrl)?.[1]
  return UPSTREAM[typeUrl] ?? (own === undefined ? undefined : `causeway/${own}`)
}

/** The bytes that a wallet signs: sorted JSON, with `&`, `<` and `>` escaped as Go does. */
export function aminoSignBytes(parts: AminoParts): Uint8Array {
  return escaped({
    account_number: parts.accountNumber,
    chain_id: parts.chainId,
    fee: {
      amount: parts.fee.map(({ denom, amount }) => ({ denom, amount })),
      gas: parts.gasLimit,
    },
    memo: parts.memo,
    msgs: parts.messages.map((message) => aminoMessage(message)),
    sequence: parts.sequence,
    timeout_height: parts.timeoutHeight === 0n ? undefined : parts.timeoutHeight,
  })
}

/**
 * A message as amino JSON: 64-bit numbers and bytes as text, defaults left out. The bytes are canonical
 * protobuf. Throws `protocol/41` for a message that amino JSON has no name for, or `protocol/…` for its form.
 */
export function aminoMessage({ typeUrl, value }: Any): { type: string; value: JsonValue } {
  const type = aminoType(typeUrl)
  const name = typeUrl.slice(1)
  if (type === undefined || !hasSigningFields(name)) {
    throw errors.notSignable({ typeUrl: typeUrl.slice(0, 128) })
  }
  checkStrict(name, value, { canonical: true, refuseNonCritical: true })
  return { type, value: jsonOf(name, value) }
}

/** What a Cosmos wallet signs as arbitrary data. Spec: Cosmos SDK ADR-036. */
export function adr036SignBytes(signer: string, data: Uint8Array): Uint8Array {
  return escaped({
    account_number: '0',
    chain_id: '',
    fee: { amount: [], gas: '0' },
    memo: '',
    msgs: [{ type: 'sign/MsgSignData', value: { data: toBase64(data), signer } }],
    sequence: '0',
  })
}

function jsonOf(typeName: string, bytes: Uint8Array): JsonValue {
  const fields = signingFields(typeName)
  const values = readFields(bytes, fields)
  const members: Record<string, JsonValue> = {}
  for (const field of fields) {
    const list = values.get(field.number)
    if (list === undefined) continue
    const items = list.map((value) => scalarJson(field, value))
    members[field.name] = field.repeated ? items : items[0]!
  }
  return members
}

function scalarJson(field: SigningField, value: RawValue): JsonValue {
  if (typeof value === 'bigint') {
    if (field.kind === 'b') return value !== 0n
    return field.kind === 'u' || field.kind === 'd' ? value : Number(value)
  }
  if (field.kind === 's') return fromUtf8(value)
  if (field.kind === 'y') return toBase64(value)
  assert(field.kind === 'm', 'the rest are messages')
  return jsonOf(field.typeName, value)
}

function escaped(document: JsonValue): Uint8Array {
  const text = canonicalJson(document)
  return utf8(text.replace(/&/g, '\\u0026').replace(/</g, '\\u003c').replace(/>/g, '\\u003e'))
}
