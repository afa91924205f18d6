import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Secp256k1, Secp256k1Signature } from '@cosmjs/crypto'
import { describe, expect, it } from 'vitest'

import { sha256, utf8 } from '@causeway/primitives'
import { makeKeystore, openKeystore } from './keystore.ts'
import { loadWallet } from './load-key.ts'
import { DEFAULT_HD_PATH, openWallet } from './wallet.ts'

// The well-known test mnemonic of BIP-39 and its first Cosmos address.
const MNEMONIC =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'
const ADDRESS = 'cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4'

function keyFile(text: string, mode = 0o600): string {
  const path = join(mkdtempSync(join(tmpdir(), 'relayer-key-')), 'key')
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

describe('a wallet', () => {
  it('has the address that every Cosmos wallet derives from the mnemonic', async () => {
    expect((await openWallet(` ${MNEMONIC}\n`, 'cosmos')).address).toBe(ADDRESS)
    expect((await openWallet(MNEMONIC, 'cosmos', "m/44'/118'/0'/0/1")).address).not.toBe(ADDRESS)
  })

  it('signs so that secp256k1 verifies', async () => {
    const wallet = await openWallet('11'.repeat(32), 'cway')
    const message = utf8('bytes')
    const signature = Secp256k1Signature.fromFixedLength(await wallet.sign(message))
    expect(Secp256k1.verifySignature(signature, sha256(message), wallet.publicKey)).toBe(true)
  })

  it('neither shows its secret nor quotes one that is wrong', async () => {
    const wallet = await openWallet(MNEMONIC, 'cosmos')
    expect(JSON.stringify(wallet)).not.toContain('abandon')
    const wrong = `${MNEMONIC} secretword`
    await expect(openWallet(wrong, 'cosmos')).rejects.toThrow(/^a key must be a mnemonic/)
    await expect(openWallet('zz'.repeat(32), 'cosmos')).rejects.toThrow(/^a key must be a mnemonic/)
  })
})

describe('a key', () => {
  const load = (source: { env?: string; file?: string; passwordEnv?: string }, env: NodeJS.ProcessEnv = {}) =>
    loadWallet({ hdPath: DEFAULT_HD_PATH, ...source }, 'cosmos', env)

  it('comes from the environment or from a private file', async () => {
    expect((await load({ env: 'KEY' }, { KEY: MNEMONIC })).address).toBe(ADDRESS)
    expect((await load({ file: keyFile(`${MNEMONIC}\n`) })).address).toBe(ADDRESS)
  })

  it('is refused when others can read it, and errors name the place only', async () => {
    const open = keyFile(MNEMONIC, 0o644)
    await expect(load({ file: open })).rejects.toThrow(`${open} can be read by others: chmod 600 it`)
    await expect(load({ env: 'KEY' })).rejects.toThrow('environment variable KEY is not set')
    await expect(load({ file: '/nowhere/key' })).rejects.toThrow(
      "/nowhere/key can't be read: there is no such file",
    )
    await expect(load({ file: keyFile('x'.repeat(70_000)) })).rejects.toThrow(/too long/)
  })

  it('may be encrypted: only its password opens it', async () => {
    const text = await makeKeystore(MNEMONIC, 'correct horse')
    expect(text).not.toContain('abandon')
    expect(await openKeystore(text, 'correct horse')).toBe(MNEMONIC)
    await expect(openKeystore(text, 'wrong horse')).rejects.toThrow(/wrong password or damaged file/)
    await expect(
      openKeystore(text.replace(/"ciphertext": "../, '"ciphertext": "00'), 'correct horse'),
    ).rejects.toThrow(/damaged/)
    const file = keyFile(text)
    expect((await load({ file, passwordEnv: 'P' }, { P: 'correct horse' })).address).toBe(ADDRESS)
    await expect(load({ file })).rejects.toThrow(/is encrypted: set passwordEnv/)
  })
})
