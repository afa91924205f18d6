import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'

import { RelayError } from '../errors.ts'

/** Encrypted key file: scrypt and AES-256-GCM, parameters written beside the ciphertext. */
interface KeystoreFile {
  readonly version: 1
  readonly kdf: 'scrypt'
  readonly n: number
  readonly r: number
  readonly p: number
  readonly salt: string
  readonly nonce: string
  readonly ciphertext: string
}

const COST = { n: 131_072, r: 8, p: 1 }
const MEMORY_BYTES_MAX = 512 * 1024 * 1024
const TAG_BYTES = 16

/** Encrypts a secret with a password; the text of a key file. */
export async function makeKeystore(secret: string, password: string): Promise<string> {
  const salt = randomBytes(32)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(password, salt, COST), nonce)
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  const file: KeystoreFile = {
    version: 1,
    kdf: 'scrypt',
    ...COST,
    salt: salt.toString('hex'),
    nonce: nonce.toString('hex'),
    ciphertext: sealed.toString('hex'),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** Decrypts a key file. A wrong password and a damaged file are the same error. */
export async function openKeystore(text: string, password: string): Promise<string> {
  try {
    const file = JSON.parse(text) as KeystoreFile
    if (file.version !== 1 || file.kdf !== 'scrypt') throw new Error('unknown version')
    const key = await deriveKey(password, Buffer.from(file.salt, 'hex'), file)
    const sealed = Buffer.from(file.ciphertext, 'hex')
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(file.nonce, 'hex'), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    throw new RelayError(
      'config',
      'never',
      'the encrypted key could not be opened: wrong password or damaged file',
    )
  }
}

async function deriveKey(
  password: string,
  salt: Uint8Array,
  cost: { n: number; r: number; p: number },
): Promise<Buffer> {
  const options = { N: cost.n, r: cost.r, p: cost.p, maxmem: MEMORY_BYTES_MAX }
  return await new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
