import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { fromHex } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'

import { DEFAULT_EVM_HD_PATH, openEvmKey, openEvmWallet } from './evm-wallet.ts'
import { isKeystoreV3, makeKeystoreV3, openKeystoreV3 } from './keystore-v3.ts'
import { loadEvmWallet } from './load-key.ts'

// A test vector of the Web3 Secret Storage Definition, and one of geth's (very-light-scrypt.json, no
// password).
const SECRET = '7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'
const PBKDF2 = JSON.stringify({
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
    ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
    kdf: 'pbkdf2',
    kdfparams: {
      ...{ c: 262_144, dklen: 32, prf: 'hmac-sha256' },
      salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
    },
    mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
  },
  version: 3,
})
const SCRYPT = JSON.stringify({
  address: '45dea0fb0bba44f4fcf290bba71fd57d7117cbb8',
  crypto: {
    cipher: 'aes-128-ctr',
    ciphertext: 'b87781948a1befd247bff51ef4063f716cf6c2d3481163e9a8f42e1f9bb74145',
    cipherparams: { iv: 'dc4926b48a105133d2f16b96833abf1e' },
    kdf: 'scrypt',
    kdfparams: {
      ...{ dklen: 32, n: 2, p: 1, r: 8 },
      salt: '004244bbdc51cadda545b1cfa43cff9ed2ae88e08c61f1479dbb45410722f8f0',
    },
    mac: '39990c1684557447940d4c69e06b1b82b2aceacb43f284df65c956daf3046b85',
  },
  version: 3,
})
const ADDRESS = '0x45dea0fb0bba44f4fcf290bba71fd57d7117cbb8'
const MNEMONIC = 'test test test test test test test test test test test junk'

describe('a keystore v3', () => {
  it('of others opens, PBKDF2 and scrypt', async () => {
    expect(await openKeystoreV3(PBKDF2, 'testpassword')).toBe(SECRET)
    expect(openEvmKey(await openKeystoreV3(SCRYPT, '')).address.toLowerCase()).toBe(ADDRESS)
    expect(isKeystoreV3(SCRYPT)).toBe(true)
    expect([isKeystoreV3('{"version":1}'), isKeystoreV3('{'), isKeystoreV3('null')]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('refuses another password, changed bytes, absurd costs and other ciphers alike', async () => {
    const changed = [
      PBKDF2.replace('"mac":"51', '"mac":"52'),
      PBKDF2.replace('"ciphertext":"53', '"ciphertext":"54'),
      PBKDF2.replace('"c":262144', '"c":1073741824'),
      PBKDF2.replace('aes-128-ctr', 'aes-256-gcm'),
      PBKDF2.replace('"version":3', '"version":4'),
      '{',
    ]
    for (const text of changed)
      await expect(openKeystoreV3(text, 'testpassword')).rejects.toThrow(/wrong password or damaged file/)
    await expect(openKeystoreV3(SCRYPT, 'x')).rejects.toThrow(/wrong password/)
  })

  it('that we write opens, and says nothing of the key', async () => {
    const key = fromHex(SECRET)
    const { address } = openEvmKey(SECRET)
    const text = await makeKeystoreV3(key, address, 'correct horse')
    expect(text).not.toContain(SECRET)
    expect(await openKeystoreV3(text, 'correct horse')).toBe(SECRET)
    expect(JSON.parse(text)).toMatchObject({
      version: 3,
      address: '008aeeda4d805471df9b2a5b0f38a0c3bcba786b',
    })
  })
})

describe('an EVM wallet', () => {
  it('has the address that every wallet derives from the mnemonic', () => {
    expect(openEvmWallet(MNEMONIC).address).toBe('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266')
    expect(openEvmWallet(` ${MNEMONIC}\n`, "m/44'/60'/0'/0/1").address).toBe(
      '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    )
  })

  it('neither shows its secret nor quotes one that is wrong', () => {
    expect(JSON.stringify(openEvmWallet(SECRET))).not.toContain(SECRET)
    expect(() => openEvmWallet(`${MNEMONIC} secretword`)).toThrow(/^a key must be a mnemonic/)
    expect(() => openEvmWallet('00'.repeat(32))).toThrow(/^a key must be a mnemonic/)
  })

  it('comes from an encrypted file, by the password in a variable', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'relayer-key-')), 'key')
    writeFileSync(file, PBKDF2)
    chmodSync(file, 0o600)
    const source = { file, hdPath: DEFAULT_EVM_HD_PATH }
    const wallet = await loadEvmWallet({ ...source, passwordEnv: 'P' }, { P: 'testpassword' })
    expect(wallet.address).toBe(openEvmWallet(SECRET).address)
    await expect(loadEvmWallet(source, {})).rejects.toThrow(/is encrypted: set passwordEnv/)
  })
})
