// Solana's off-chain messages. Spec: Anza's proposal "Off-chain message signing", version 0 as it stands
// there and as solana-sdk 1.14 to 3 and the `solana` command write it; version 1 as @solana/kit writes it.
import { assert, concatBytes, utf8 } from '@causeway/primitives'

/** How a text is wrapped before a Solana wallet signs it. */
export type SolanaWrapping = 'none' | 'cli' | 'v0' | 'v1'

/** 32 bytes that name the application in a version 0 message, as text. */
const APPLICATION = 'Causeway'
const SIGNING_DOMAIN = concatBytes(Uint8Array.of(0xff), utf8('solana offchain'))
// Texts have line feeds, which format 0 (printable ASCII) does not allow.
const LIMITED_UTF8 = 1
const EXTENDED_UTF8 = 2
const TOTAL_MAX_LEDGER = 1_232

/** The 32 bytes of the application domain: the name, padded with zeros. */
export const SOLANA_APPLICATION_DOMAIN: Uint8Array = padded(utf8(APPLICATION))

/** The bytes that an Ed25519 key of Solana signs for a text, given as its bytes. */
export function solanaMessage(text: Uint8Array, publicKey: Uint8Array, wrapping: SolanaWrapping): Uint8Array {
  assert(publicKey.length === 32, 'a key of Solana has 32 bytes')
  if (wrapping === 'none') return text
  const version = Uint8Array.of(wrapping === 'v1' ? 1 : 0)
  const one = Uint8Array.of(1)
  if (wrapping === 'v1') return concatBytes(SIGNING_DOMAIN, version, one, publicKey, text)
  const length = Uint8Array.of(text.length & 0xff, text.length >>> 8)
  const before = wrapping === 'cli' ? [] : [SOLANA_APPLICATION_DOMAIN]
  const after = wrapping === 'cli' ? [] : [one, publicKey]
  const rest = [...after, length, text]
  const head = [SIGNING_DOMAIN, version, ...before]
  const total = [...head, ...rest].reduce((sum, part) => sum + part.length, 1)
  const format = Uint8Array.of(total <= TOTAL_MAX_LEDGER ? LIMITED_UTF8 : EXTENDED_UTF8)
  return concatBytes(...head, format, ...rest)
}

function padded(name: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(32)
  bytes.set(name)
  return bytes
}
