import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { fromHex } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'

import { DEFAULT_EVM_HD_PATH, openEvmKey, openEvmWallet } from './evm-wallet.ts'
import { isKeystoreV3, makeKeystoreV3, openKeystoreV3 } from './keystore-v3.ts'
import { loadEvmWallet } from './load-key.ts'

// The two test vectors of the Web3 Secret Storage Definition.
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
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
    ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
    kdf: 'scrypt',
    kdfparams: {
      ...{ dklen: 32, n: 262_144, r: 1, p: 8 },
      salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
    },
    mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
  },
  version: 3,
})
const MNEMONIC = 'test test test test test test test test test test test junk'

describe('a keystore v3', () => {
  it('of the definition opens, PBKDF2 and scrypt', async () => {
    expect(await openKeystoreV3(PBKDF2, 'testpassword')).toBe(SECRET)
    expect(await openKeystoreV3(SCRYPT, 'testpassword')).toBe(SECRET)
    expect(isKeystoreV3(SCRYPT)).toBe(true)
    expect([isKeystoreV3('{"version":1}'), isKeystoreV3('{'), isKeystoreV3('null')]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('refuses another password, changed bytes, absurd costs and other ciphers alike', async () => {
    const changed = [
      SCRYPT.replace('"mac":"21', '"mac":"22'),
      SCRYPT.replace('"ciphertext":"d1', '"ciphertext":"d2'),
      SCRYPT.replace('"n":262144', '"n":1073741824'),
      SCRYPT.replace('aes-128-ctr', 'aes-256-gcm'),
      SCRYPT.replace('"version":3', '"version":4'),
      '{',
    ]
    for (const text of changed)
      await expect(openKeystoreV3(text, 'testpassword')).rejects.toThrow(/wrong password or damaged file/)
    await expect(openKeystoreV3(SCRYPT, 'testpasswore')).rejects.toThrow(/wrong password/)
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
    writeFileSync(file, SCRYPT)
    chmodSync(file, 0o600)
    const source = { file, hdPath: DEFAULT_EVM_HD_PATH }
    const wallet = await loadEvmWallet({ ...source, passwordEnv: 'P' }, { P: 'testpassword' })
    expect(wallet.address).toBe(openEvmWallet(SECRET).address)
    await expect(loadEvmWallet(source, {})).rejects.toThrow(/is encrypted: set passwordEnv/)
  })
})
