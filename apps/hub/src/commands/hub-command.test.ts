import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ProtocolError } from '@causeway/primitives'
import { MultiStore, Overlay, createMemoryStorage, openLmdbStorage } from '@causeway/state-tree'
import { ChainState } from '@causeway/protocol/causeway/block/v1/block'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHubApplication } from '../app.ts'
import { readRecording } from '../abci/recording.ts'
import { replay } from '../abci/replay.ts'
import { hubAppState } from '../genesis/app-state.ts'
import { writeBalance } from '../modules/ledger/state.ts'
import { hubOptions } from '../testing/hub.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import { Wallet } from '../testing/wallet.fixture.ts'
import { initHome } from './init.ts'
import { checkHome, exportHome, signMissing } from './inspect.ts'
import { collectBalance, collectPrice, httpUrl, wholeNumber } from './options.ts'
import { startHub } from './start.ts'
import type { StartOptions } from './start.ts'

const alice = new Wallet('alice')
const accounts = [{ holder: alice.address, denom: 'ucway', amount: 1_000n }]
const init = { chainId: 'causeway-1', validators: 2, accounts, gasPriceE9: 25_000_000n }
const main = fileURLToPath(new URL('./main.fixture.ts', import.meta.url))

let folder = ''
const children: ChildProcess[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-hub-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function startOptions(home: string, changes: Partial<StartOptions> = {}): StartOptions {
  return {
    home,
    engine: 'embedded',
    blockTimeMs: 20,
    rpcHost: '127.0.0.1',
    rpcPort: 0,
    abciAddress: 'tcp://127.0.0.1:0',
    threads: 1,
    keepVersions: 100n,
    simulatedPrices: [],
    log: () => undefined,
    onFatal: (error) => {
      throw error
    },
    ...changes,
  }
}

async function heightOf(address: string): Promise<number> {
  const status = (await (await fetch(`${address}/status`)).json()) as {
    result: { sync_info: { latest_block_height: string } }
  }
  return Number(status.result.sync_info.latest_block_height)
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Runs the command in a process of its own. */
function run(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  const output = { text: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.text += chunk.toString()))
  return { child, output, exit: once(child, 'exit') as Promise<[number | null, string | null]> }
}

describe('init', () => {
  it('makes CometBFT’s files, once', () => {
    const home = join(folder, 'init')
    initHome({ home, ...init })
    const genesis = JSON.parse(readFileSync(join(home, 'config', 'genesis.json'), 'utf8'))
    expect(genesis).toMatchObject({
      chain_id: 'causeway-1',
      consensus_params: { abci: { vote_extensions_enable_height: '1' } },
    })
    expect(genesis.validators).toHaveLength(2)
    for (const name of ['priv_validator_key.json', 'priv_validator_key.2.json']) {
      expect(statSync(join(home, 'config', name)).mode & 0o077).toBe(0)
    }
    expect(existsSync(join(home, 'data', 'priv_validator_state.json'))).toBe(true)
    expect(refusal(() => initHome({ home, ...init }))).toBe('hub/1')
  })

  it('keeps a validator key that is there', () => {
    const [one, two] = ['one', 'two'].map((name) => join(folder, name))
    initHome({ home: one!, ...init })
    const key = readFileSync(join(one!, 'config', 'priv_validator_key.json'), 'utf8')
    rmSync(join(one!, 'config', 'genesis.json'))
    initHome({ home: one!, ...init })
    expect(readFileSync(join(one!, 'config', 'priv_validator_key.json'), 'utf8')).toBe(key)
    expect(existsSync(two!)).toBe(false)
  })
})

describe('init refuses what could not start, and writes nothing', () => {
  const home = () => join(folder, 'refused')
  const initWith = (changes: Partial<Parameters<typeof initHome>[0]>) =>
    refusal(() => initHome({ home: home(), ...init, ...changes }))
  afterEach(() => expect(existsSync(home())).toBe(false))

  it('an address that is none, an asset that the hub has not', () => {
    const to = (holder: string, denom: string) => ({ accounts: [{ holder, denom, amount: 1n }] })
    expect(initWith(to('foo', 'ucway'))).toBe('genesis/2')
    expect(initWith(to(`${alice.address.slice(0, -1)}q`, 'ucway'))).toBe('genesis/2')
    expect(initWith(to(alice.address, 'uatom'))).toBe('genesis/2')
  })

  it('a chain id that no header can carry', () => {
    expect(initWith({ chainId: 'x'.repeat(51) })).toBe('engine/1')
    expect(initWith({ chainId: '' })).toBe('engine/1')
  })

  it('more than can be added up', () => {
    const accounts = [1, 2].map((i) => ({
      holder: `${alice.address}/${i}`,
      denom: 'ucway',
      amount: 2n ** 255n,
    }))
    expect(initWith({ accounts })).toBe('genesis/2')
  })
})

describe('init where files are in the way', () => {
  it('names the file and what is wrong with it', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(refusal(() => initHome({ home: file, ...init }))).toBe('hub/6')
    const home = join(folder, 'broken-key')
    mkdirSync(join(home, 'config'), { recursive: true })
    for (const [text, code] of [
      ['{', 'hub/6'],
      ['{}', 'engine/4'],
    ] as const) {
      writeFileSync(join(home, 'config', 'priv_validator_key.json'), text)
      expect(refusal(() => initHome({ home, ...init }))).toBe(code)
    }
    expect(existsSync(join(home, 'config', 'genesis.json'))).toBe(false)
  })
})

describe('start', () => {
  it('runs on the embedded engine, goes on after a stop, and is replayed from its record', async () => {
    const home = join(folder, 'embedded')
    const recordPath = join(folder, 'record')
    initHome({ home, ...init })
    expect(refusal(() => checkHome(home))).toBe('hub/4')
    const first = await startHub(startOptions(home, { recordPath }))
    await until(async () => (await heightOf(first.address)) >= 4)
    await first.stop()
    const { height, broken } = checkHome(home)
    expect([height >= 4n, broken]).toEqual([true, []])
    // Of the last height the votes are still to come; of those before, they are all there.
    const late = signMissing(home, height)
    expect(late.map(({ index, signature }) => [index, signature.length])).toEqual([
      [0, 96],
      [1, 96],
    ])
    expect([1n, height - 1n, height + 1n].map((at) => refusal(() => signMissing(home, at)))).toEqual([
      'hub/8',
      'hub/8',
      'hub/8',
    ])
    const second = await startHub(startOptions(home, { recordPath }))
    await until(async () => BigInt(await heightOf(second.address)) > height)
    await second.stop()
    expect(checkHome(home).height).toBeGreaterThan(height)
    expect(readRecording(readFileSync(recordPath)).length).toBeGreaterThan(4)
    const report = replay(recordPath, createHubApplication(hubOptions(createMemoryStorage())))
    expect(report.lastHeight).toBe(checkHome(home).height)
    const state = { app_state: { ledger: { zone: 0 } } }
    expect(exportHome(home, 'causeway-2')).toMatchObject({ chain_id: 'causeway-2', ...state })
    expect(exportHome(home, 'causeway-2', 2n)).toMatchObject({ initial_height: '3' })
    expect(refusal(() => exportHome(home, 'causeway-2', 1_000_000n))).toBe('state/2')
    // What validators attested here would be false there.
    expect(refusal(() => exportHome(home, 'causeway-1'))).toBe('hub/7')
  })

  it('serves CometBFT on a socket', async () => {
    const home = join(folder, 'socket')
    initHome({ home, ...init })
    const hub = await startHub(startOptions(home, { engine: 'cometbft-socket' }))
    expect(hub.address).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]/)
    await hub.stop()
  })

  it('makes blocks with a feeder that is not there, and takes no simulated prices beside it', async () => {
    const home = join(folder, 'feeder')
    initHome({ home, ...init })
    const priceFeed = 'http://127.0.0.1:9'
    const both = { priceFeed, simulatedPrices: [{ asset: 2n, priceE9: 1n }] }
    await expect(startHub(startOptions(home, both))).rejects.toThrow(
      '--simulated-price: expected none beside',
    )
    const lines: string[] = []
    const hub = await startHub(startOptions(home, { priceFeed, log: (line) => lines.push(line) }))
    await until(async () => (await heightOf(hub.address)) > 3)
    await hub.stop()
    expect(lines).toContainEqual(expect.stringMatching(/^price feed http:\/\/127\.0\.0\.1:9: .*; no prices/))
  })

  it('moves around the prices of assets that have a feed, and no others', async () => {
    const home = join(folder, 'feeds')
    initHome({ home, ...init })
    const simulatedPrices = [{ asset: 2n, priceE9: 1_000_000_000n }]
    const start = startHub(startOptions(home, { simulatedPrices }))
    await expect(start).rejects.toThrow(
      '--simulated-price 2: expected an asset with a price feed (the genesis of this chain has none)',
    )
    const path = join(home, 'config', 'genesis.json')
    const genesis = JSON.parse(readFileSync(path, 'utf8')) as { app_state: unknown }
    const usd = {
      denom: 'usdz',
      decimals: 6,
      symbol: 'USD',
      initialWeightBps: 9_000,
      maintenanceWeightBps: 9_500,
    }
    genesis.app_state = hubAppState({ denom: 'ucway', balances: accounts, gasPriceE9: 0n, assets: [usd] })
    writeFileSync(path, JSON.stringify(genesis))
    const hub = await startHub(startOptions(home, { simulatedPrices }))
    await hub.stop()
    const other = startHub(startOptions(home, { simulatedPrices: [{ asset: 99n, priceE9: 1n }] }))
    await expect(other).rejects.toThrow('(they are 2)')
  })

  it('says which address it can not have, and which file', async () => {
    const home = join(folder, 'taken')
    initHome({ home, ...init })
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    const started = (changes: Partial<StartOptions>) => startHub(startOptions(home, changes))
    const taken = `can't listen at 127.0.0.1:${port}: another program listens there`
    await expect(started({ rpcPort: port })).rejects.toThrow(taken)
    const away = { engine: 'cometbft-socket', abciAddress: 'tcp://192.0.2.1:26658' } as const
    await expect(started(away)).rejects.toThrow('this machine has no such address')
    await expect(started({ recordPath: join(home, 'no/such/file') })).rejects.toThrow('there is no such file')
    holder.close()
    for (const text of ['{', '[', '{}', '{"chain_id":5}', '5', '{"chain_id":"causeway-1"}']) {
      writeFileSync(join(home, 'config', 'genesis.json'), text)
      await expect(started({}), text).rejects.toThrow(ProtocolError)
    }
  })

  it('refuses a database that is cut off, and names it', async () => {
    const home = join(folder, 'cut')
    initHome({ home, ...init })
    const hub = await startHub(startOptions(home))
    await until(async () => (await heightOf(hub.address)) >= 3)
    await hub.stop()
    const path = join(home, 'data', 'embedded', 'blocks')
    truncateSync(join(path, 'data.mdb'), 16_384)
    await expect(startHub(startOptions(home))).rejects.toThrow(`the database in ${path} is damaged`)
  })

  it('needs a home', async () => {
    await expect(startHub(startOptions(join(folder, 'none')))).rejects.toThrow('causeway hub init')
  })
})

describe('invariants', () => {
  it('tell what is broken', async () => {
    const home = join(folder, 'broken')
    initHome({ home, ...init })
    const hub = await startHub(startOptions(home))
    await until(async () => (await heightOf(hub.address)) >= 3)
    await hub.stop()
    const { height } = checkHome(home)
    makeMoney(join(home, 'data', 'application'), height + 1n)
    expect(checkHome(home)).toEqual({
      height: height + 1n,
      broken: ['asset 1: balances sum to 20001005, the supply is 20001000'],
    })
    await expect(run('invariants', '--home', home).exit).resolves.toEqual([1, null])
  })
})

/** Commits a version in which somebody holds five units that nobody issued. */
function makeMoney(path: string, version: bigint): void {
  const storage = openLmdbStorage(path)
  const { storeNames } = createHubApplication(hubOptions(createMemoryStorage())).chain.stores
  const stores = MultiStore.open({ storage, storeNames, keepVersions: 100n })
  const ledger = new Overlay(stores.reader('ledger'))
  writeBalance(ledger, { account: new Uint8Array(20), subaccount: 0 }, 1n, 5n)
  stores.finalize(version, new Map([['ledger', ledger.changes()]]))
  const value = ChainState.encode({
    chainId: 'causeway-1',
    height: version,
    timeNanoseconds: 1n << 62n,
  }).finish()
  stores.commit([{ key: new TextEncoder().encode('chain'), value }])
  storage.close()
}

describe('the command', () => {
  it('starts, stops on a signal with code 0, and checks out', async () => {
    const home = join(folder, 'command')
    const [made] = await run('init', '--home', home, '--account', `${alice.address}=5ucway`).exit
    expect(made).toBe(0)
    const { child, output, exit } = run('start', '--home', home, '--rpc-port', '0', '--block-time', '20')
    await until(() => Promise.resolve(output.text.includes('RPC http')))
    const address = /RPC (http:\S+)/.exec(output.text)![1]!
    await until(async () => (await heightOf(address)) >= 2)
    child.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
    const checked = run('invariants', '--home', home)
    expect([(await checked.exit)[0], checked.output.text]).toEqual([
      0,
      expect.stringContaining('all invariants hold'),
    ])
    const exported = run('export', '--home', home, '--chain-id', 'causeway-2')
    expect((await exported.exit)[0]).toBe(0)
    expect(JSON.parse(exported.output.text)).toMatchObject({ chain_id: 'causeway-2' })
  })

  it('says what the operator got wrong in one line', async () => {
    const { exit, output } = run('invariants', '--home', join(folder, 'nowhere'))
    expect((await exit)[0]).toBe(1)
    expect(output.text.trim().split('\n')).toHaveLength(1)
    expect(output.text).toContain('hub/2')
  })
})

describe('options', () => {
  it('read balances, prices and numbers', () => {
    expect(collectBalance(`${alice.address}/3=12ucway`, [])).toEqual([
      { holder: `${alice.address}/3`, amount: 12n, denom: 'ucway' },
    ])
    expect(collectPrice('2=1.0005', [])).toEqual([{ asset: 2n, priceE9: 1_000_500_000n }])
    expect(collectPrice('3=42', collectPrice('2=1', []))).toHaveLength(2)
    expect(wholeNumber('--x', 1, 10)('7')).toBe(7)
    expect(httpUrl('--x')('http://127.0.0.1:8790')).toBe('http://127.0.0.1:8790')
  })

  it('refuse the rest', () => {
    for (const text of [
      '',
      'x',
      `${alice.address}`,
      `${alice.address}=0ucway`,
      `${alice.address}=-1ucway`,
      `${alice.address}=1`,
    ]) {
      expect(refusal(() => collectBalance(text, []))).toBe('hub/3')
    }
    for (const text of ['', '2', '0=1', '2=x', '2=-1', '2=1.0000000001'])
      expect(refusal(() => collectPrice(text, []))).toBe('hub/3')
    for (const text of ['0', '11', '-1', '1.5', 'x', ''])
      expect(refusal(() => wholeNumber('--x', 1, 10)(text))).toBe('hub/3')
    for (const text of ['', '127.0.0.1:8790', 'ftp://x', 'file:///x'])
      expect(refusal(() => httpUrl('--x')(text))).toBe('hub/3')
  })
})
