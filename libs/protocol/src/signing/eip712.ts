// How a wallet of an EVM chain signs a text. Spec: EIP-712.
import { concatBytes, keccak256, utf8 } from '@causeway/primitives'

/** The domain: no chainId, because wallets refuse one that they are not connected to. */
export const EIP712_DOMAIN = { name: 'Causeway', version: '1' } as const
/** The one type, as `signTypedData` takes it; its primary type is `Transaction`. */
export const EIP712_TYPES = { Transaction: [{ name: 'text', type: 'string' }] } as const

const DOMAIN_SEPARATOR = keccak256(
  concatBytes(
    keccak256(utf8('EIP712Domain(string name,string version)')),
    keccak256(utf8(EIP712_DOMAIN.name)),
    keccak256(utf8(EIP712_DOMAIN.version)),
  ),
)
const TYPE_HASH = keccak256(utf8('Transaction(string text)'))

/** The 32 bytes that the wallet's key signs for a text, given as its bytes. */
export function eip712Digest(text: Uint8Array): Uint8Array {
  const structHash = keccak256(concatBytes(TYPE_HASH, keccak256(text)))
  return keccak256(concatBytes(Uint8Array.of(0x19, 0x01), DOMAIN_SEPARATOR, structHash))
}
