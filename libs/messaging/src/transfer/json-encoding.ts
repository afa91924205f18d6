import { fromUtf8, utf8 } from '@causeway/primitives'
import { parseAmount } from './amount.ts'
import { parseFlatJson } from './flat-json.ts'
import type { FungibleTokenPacketData } from './packet-data.ts'

const MEMBERS = ['denom', 'amount', 'sender', 'receiver', 'memo'] as const

/** Writes the bytes that Go's `encoding/json` writes for the same transfer: an empty memo is left out. */
export function encodeJson(data: FungibleTokenPacketData): Uint8Array {
  const { denom, amount, sender, receiver, memo } = data
  const values = { denom, amount: amount.toString(), sender, receiver, memo }
  const members = MEMBERS.filter((name) => values[name] !== '')
  return utf8(`{${members.map((name) => `"${name}":${goString(values[name])}`).join(',')}}`)
}

/**
 * * Reads a transfer as JSON: one object of the five known members, each a string and at most once. Throws
 * `transfer/4` – `transfer/6`, `transfer/40`, `primitives/2`.
 *
 * DIFFERS FROM SPEC: ibc-go folds the case of names, lets the last of two win, takes null for an empty text
 * and replaces what is no Unicode. Two readers that disagree about the same bytes are how tokens are stolen,
 * so that all of this is refused.
 */
export function decodeJson(bytes: Uint8Array): FungibleTokenPacketData {
  const members = parseFlatJson(fromUtf8(bytes), MEMBERS)
  return {
    denom: members.get('denom') ?? '',
    amount: parseAmount(members.get('amount') ?? ''),
    sender: members.get('sender') ?? '',
    receiver: members.get('receiver') ?? '',
    memo: members.get('memo') ?? '',
  }
}

/**
 * A string literal as Go writes it: JSON's escapes, and those that keep it harmless inside HTML and
 * JavaScript.
 */
function goString(text: string): string {
  const escaped = JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return escaped
}
