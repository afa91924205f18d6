import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readClientConfig } from '@causeway/client'
import { DirectSecp256k1Wallet } from '@cosmjs/proto-signing'
import { fromHex } from '@causeway/primitives'
import { Keypair } from '@solana/web3.js'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testAddress } from '../chains/accounts.ts'
import { ETHEREUM_ADDRESSES } from '../chains/ethereum-accounts.ts'
import { ETHEREUM, SOLANA } from '../chains/facts.ts'
import { SOLANA_ADDRESSES } from '../chains/solana-accounts.ts'
import { writeClientFile } from './client-file.ts'

const URLS = {
  hubRpcUrl: 'http://127.0.0.1:1',
  zoneRpcUrl: 'http://127.0.0.1:2',
  ethereumRpcUrl: 'http://127.0.0.1:3',
  solanaRpcUrl: 'http://127.0.0.1:5',
  graphqlUrl: 'http://127.0.0.1:4/graphql',
}
let base: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'client-file-'))
})

afterEach(() => rmSync(base, { recursive: true, force: true }))

const write = (urls = URLS) => writeClientFile(base, join(base, 'run-1', 'keys'), urls)
const read = (path: string) => readClientConfig(JSON.parse(readFileSync(path, 'utf8')))

describe('client.json', () => {
  it('is what the client library reads', async () => {
    const { path } = await write()
    const config = read(path)
    expect(config).toMatchObject({ rpc: URLS.hubRpcUrl, graphql: URLS.graphqlUrl })
    expect(config.chains.map(({ kind, id, rpc, tokens }) => [kind, id, rpc, tokens.length])).toEqual([
      ['evm', 'eip155:31337', URLS.ethereumRpcUrl, 2],
      ['cosmos', 'zone-1', URLS.zoneRpcUrl, 1],
      ['solana', SOLANA.chainId, URLS.solanaRpcUrl, 2],
    ])
    expect(config.chains[0]).toMatchObject({ vault: ETHEREUM.contracts.vault, hubClient: 'ethereum-1' })
  })

  it("names the trader's keys, in files that nobody else may read", async () => {
    const { keys } = read((await write()).path)
    expect(keys.map(({ name, kind }) => [name, kind])).toEqual([
      ['trader', 'evm'],
      ['trader-cosmos', 'cosmos'],
      ['trader-solana', 'solana'],
    ])
    const [evm, cosmos, solana] = keys.map(({ privateKeyFile }) => {
      const file = join(base, privateKeyFile)
      expect(statSync(file).mode & 0o077).toBe(0)
      return readFileSync(file, 'utf8').trim()
    })
    expect(privateKeyToAccount(`0x${evm!}`).address.toLowerCase()).toBe(ETHEREUM_ADDRESSES.trader)
    expect(Keypair.fromSeed(fromHex(solana!)).publicKey.toBase58()).toBe(SOLANA_ADDRESSES.trader)
    const wallet = await DirectSecp256k1Wallet.fromKey(fromHex(cosmos!), 'cway')
    expect((await wallet.getAccounts())[0]!.address).toBe(testAddress('trader', 'cway'))
  })

  it("holds no key, and none is written for another machine's hub", async () => {
    expect(readFileSync((await write()).path, 'utf8')).not.toMatch(/[0-9a-f]{64}/)
    await expect(write({ ...URLS, hubRpcUrl: 'https://rpc.example.org' })).rejects.toThrow('devnet only')
  })

  it("is deleted at the end, but not another devnet's", async () => {
    const first = await write()
    const second = await write({ ...URLS, hubRpcUrl: 'http://127.0.0.1:9' })
    first.remove()
    expect(read(second.path).rpc).toBe('http://127.0.0.1:9')
    second.remove()
    expect(() => read(second.path)).toThrow('ENOENT')
    second.remove()
    writeFileSync(second.path, '{}')
    second.remove()
    expect(readFileSync(second.path, 'utf8')).toBe('{}')
  })
})
