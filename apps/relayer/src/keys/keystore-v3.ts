import { createCipheriv, createDecipheriv, pbkdf2, randomBytes, randomUUID, scrypt } from 'node:crypto'

import { equalBytes, fromHex, keccak256, toHex } from '@causeway/primitives'
import { z } from 'zod'

import { RelayError } from '../errors.ts'

/*
 * Key files of Ethereum wallets. Spec: Web3 Secret Storage Definition, version 3, as geth and Foundry write
 * them: scrypt or PBKDF2, AES-128-CTR, a keccak256 over the second half of the derived key and the
 * ciphertext.
 */

const hexText = z.string().regex(/^(0x)?([0-9a-fA-F]{2})+$/)
const scryptParameters = z.object({
  dklen: z.literal(32),
  n: z
    .number()
    .int()
    .min(2)
    .max(1 << 20),
  r: z.number().int().min(1).max(64),
  p: z.number().int().min(1).max(64),
  salt: hexText,
})
const pbkdf2Parameters = z.object({
  dklen: z.literal(32),
  c: z.number().int().min(1).max(10_000_000),
  prf: z.literal('hmac-sha256'),
  salt: hexText,
})
const content = {
  cipher: z.literal('aes-128-ctr'),
  cipherparams: z.object({ iv: hexText }),
  ciphertext: hexText,
  mac: hexText,
}
const keystore = z.object({
  version: z.literal(3),
  crypto: z.discriminatedUnion('kdf', [
    z.object({ kdf: z.literal('scrypt'), kdfparams: scryptParameters, ...content }),
    z.object({ kdf: z.literal('pbkdf2'), kdfparams: pbkdf2Parameters, ...content }),
  ]),
})

/** What geth writes. */
const COST = { n: 262_144, r: 8, p: 1 } as const
const MEMORY_BYTES_MAX = 512 * 1024 * 1024
const KEY_BYTES = 32

/** Whether a text is such a file, by its version. */
export function isKeystoreV3(text: string): boolean {
  try {
    return (JSON.parse(text) as { version?: unknown } | null)?.version === 3
  } catch {
    return false
  }
}

/** Opens a key file: 64 hex digits. A wrong password and a damaged file are the same error. */
export async function openKeystoreV3(text: string, password: string): Promise<string> {
  try {
    const { crypto } = keystore.parse(JSON.parse(text))
    const derived = await deriveKey(crypto, password)
    const ciphertext = bytes(crypto.ciphertext)
    if (!equalBytes(mac(derived, ciphertext), bytes(crypto.mac))) throw new Error('another mac')
    const decipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), bytes(crypto.cipherparams.iv))
    const secret = Buffer.concat([decipher.update(ciphertext), decipher.final()])
    if (secret.length !== KEY_BYTES) throw new Error('no key')
    return secret.toString('hex')
  } catch {
    const text = 'the encrypted key could not be opened: wrong password or damaged file'
    throw new RelayError('config', 'never', text)
  }
}

/** Encrypts a key of 32 bytes; the text of a key file that geth and Foundry open, too. */
export async function makeKeystoreV3(key: Uint8Array, address: string, password: string): Promise<string> {
  const [salt, iv] = [randomBytes(32).toString('hex'), randomBytes(16)]
  const kdfparams = { dklen: 32, ...COST, salt } as const
  const derived = await deriveKey({ kdf: 'scrypt', kdfparams }, password)
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = Buffer.concat([cipher.update(key), cipher.final()])
  const file = {
    address: address.replace(/^0x/, '').toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: 'scrypt',
      kdfparams,
      mac: toHex(mac(derived, ciphertext)),
    },
    id: randomUUID(),
    version: 3,
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

type Derivation = { readonly [Field in 'kdf' | 'kdfparams']: z.output<typeof keystore>['crypto'][Field] }

async function deriveKey(derivation: Derivation, password: string): Promise<Uint8Array> {
  const parameters = derivation.kdfparams
  const salt = bytes(parameters.salt)
  return await new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Uint8Array) => (error === null ? resolve(key) : reject(error))
    if ('c' in parameters) return pbkdf2(password, salt, parameters.c, KEY_BYTES, 'sha256', done)
    const { n, r, p } = parameters
    scrypt(password, salt, KEY_BYTES, { N: n, r, p, maxmem: MEMORY_BYTES_MAX }, done)
  })
}

function mac(derived: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext]))
}

function bytes(text: string): Uint8Array {
  return fromHex(text.replace(/^0x/, ''))
}
