import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { toBase58, toHex } from '@causeway/primitives'
import { Keypair, SystemProgram, TransactionMessage, VersionedTransaction } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'

import { makeKeystore } from './keystore.ts'
import { loadSolanaWallet } from './load-key.ts'
import { DEFAULT_SOLANA_HD_PATH, openSolanaKey, openSolanaWallet } from './solana-wallet.ts'

const pair = Keypair.fromSeed(new Uint8Array(32).fill(7))
const FILE = JSON.stringify([...pair.secretKey])
const MNEMONIC =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'

describe('a Solana wallet', () => {
  it('opens from what solana-keygen writes, from base58, and from a seed', async () => {
    const seed = toHex(pair.secretKey.subarray(0, 32))
    for (const secret of [`${FILE}\n`, toBase58(pair.secretKey), seed, `0x${seed}`])
      expect((await openSolanaWallet(secret)).publicKey.toBase58()).toBe(pair.publicKey.toBase58())
  })

  it('has the address that wallets derive from the mnemonic', async () => {
    // As Phantom and Solflare show it for this phrase of BIP-39
    const address = 'HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk'
    expect((await openSolanaWallet(MNEMONIC)).publicKey.toBase58()).toBe(address)
    const other = await openSolanaWallet(MNEMONIC, "m/44'/501'/1'/0'")
    expect(other.publicKey.toBase58()).not.toBe(address)
  })

  it('signs so that the cluster verifies', async () => {
    const wallet = await openSolanaWallet(FILE)
    const message = new TransactionMessage({
      payerKey: wallet.publicKey,
      recentBlockhash: toBase58(new Uint8Array(32).fill(1)),
      instructions: [
        SystemProgram.transfer({ fromPubkey: wallet.publicKey, toPubkey: wallet.publicKey, lamports: 1 }),
      ],
    })
    const [own, expected] = [0, 1].map(() => new VersionedTransaction(message.compileToLegacyMessage()))
    wallet.sign(own!)
    expected!.sign([pair])
    expect(own!.signatures).toEqual(expected!.signatures)
  })

  it('neither shows its secret nor quotes one that is wrong', async () => {
    expect(JSON.stringify(await openSolanaWallet(FILE))).not.toContain(`${pair.secretKey[0]},`)
    const foreign = [...pair.secretKey.subarray(0, 32), ...Keypair.generate().publicKey.toBytes()]
    const wrong = ['[1,2,3]', '[256]', '[', JSON.stringify(foreign), `${MNEMONIC} secretword`, 'x'.repeat(88)]
    for (const secret of wrong) await expect(openSolanaWallet(secret)).rejects.toThrow(/^a key must be/)
  })

  it('comes from a private file, encrypted or not, or from the environment', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'relayer-key-')), 'id.json')
    const source = { file: path, hdPath: DEFAULT_SOLANA_HD_PATH }
    const address = pair.publicKey.toBase58()
    writeFileSync(path, FILE)
    chmodSync(path, 0o644)
    await expect(loadSolanaWallet(source, {})).rejects.toThrow(/can be read by others: chmod 600/)
    chmodSync(path, 0o600)
    expect((await loadSolanaWallet(source, {})).publicKey.toBase58()).toBe(address)
    const env = { KEY: FILE, P: 'correct horse' }
    const fromEnv = await loadSolanaWallet({ env: 'KEY', hdPath: DEFAULT_SOLANA_HD_PATH }, env)
    expect(fromEnv.publicKey.toBase58()).toBe(address)
    const { text } = await openSolanaKey(FILE)
    expect(text).toBe(FILE)
    writeFileSync(path, await makeKeystore(text, 'correct horse'))
    expect((await loadSolanaWallet({ ...source, passwordEnv: 'P' }, env)).publicKey.toBase58()).toBe(address)
  })
})
